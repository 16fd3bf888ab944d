import temml from "temml";

/** An element of MathML that may be shown, or text. */
export type MathNode = string | { name: string; attributes: Record<string, string>; children: MathNode[] };

/** What sets formulas, and nothing that links, loads, runs or styles. */
const elements: ReadonlySet<string> = new Set(
  "math mrow mi mn mo mtext mspace mfrac msqrt mroot msup msub msubsup mover munder munderover mtable mtr mtd mpadded mphantom menclose mstyle mmultiscripts mprescripts none ms".split(
    " ",
  ),
);
const attributes: ReadonlySet<string> = new Set(
  "display displaystyle scriptlevel mathvariant stretchy fence separator form lspace rspace minsize maxsize movablelimits symmetric largeop accent accentunder linethickness width height depth columnalign rowspacing columnspacing columnspan rowspan notation".split(
    " ",
  ),
);
const longest = 2_000;

/** What the renderer makes of a formula: elements with attributes, and text. */
type Made = { type?: unknown; text?: unknown; attributes?: unknown; children?: unknown };

/** A formula as a tree, or undefined where it is none. No markup is made of it, and the renderer's tree is held to the list. */
export function parseMath(tex: string, isBlock: boolean): MathNode | undefined {
  if (tex.length > longest) return undefined;
  try {
    const options = { displayMode: isBlock, throwOnError: true, trust: false, maxExpand: 200, maxSize: [20, 20] } as const;
    const made: unknown = temml.__renderToMathMLTree(tex, { ...options, maxSize: [...options.maxSize] });
    return toNodes(asMade(made))[0];
  } catch {
    return undefined;
  }
}

function toNodes(made: Made): MathNode[] {
  // What has no name of its own only holds others together.
  if (typeof made.type !== "string") return typeof made.text === "string" ? [made.text] : childrenOf(made).flatMap(toNodes);
  if (!elements.has(made.type)) return [{ name: "mtext", attributes: {}, children: [textOf(made)] }];
  const given = typeof made.attributes === "object" && made.attributes !== null ? Object.entries(made.attributes) : [];
  const kept = given.filter(([key]) => attributes.has(key)).map(([key, value]): [string, string] => [key, String(value)]);
  return [{ name: made.type, attributes: Object.fromEntries(kept), children: childrenOf(made).flatMap(toNodes) }];
}

const childrenOf = ({ children }: Made): Made[] => (Array.isArray(children) ? children.map(asMade) : []);
const asMade = (value: unknown): Made => (typeof value === "object" && value !== null ? value : {});

/** What is not known is shown by the words it holds. */
function textOf(made: Made): string {
  return typeof made.text === "string" ? made.text : childrenOf(made).map(textOf).join("");
}
