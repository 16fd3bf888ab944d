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

/** A formula as a tree, or undefined where it is none. The renderer's own output is held to the list as well. */
export function parseMath(tex: string, isBlock: boolean): MathNode | undefined {
  if (tex.length > longest) return undefined;
  try {
    const markup = temml.renderToString(tex, { displayMode: isBlock, throwOnError: true, trust: false, maxExpand: 200, maxSize: [20, 20] });
    const { body } = new DOMParser().parseFromString(markup, "text/html");
    const math = body.querySelector("math");
    return math ? toNode(math) : undefined;
  } catch {
    return undefined;
  }
}

function toNode(element: Element): MathNode | undefined {
  const name = element.localName.toLowerCase();
  if (name === "annotation" || name === "annotation-xml") return undefined;
  const children = [...element.childNodes].flatMap((child): MathNode[] => {
    if (child instanceof Text) return [child.data];
    const node = child instanceof Element ? toNode(child) : undefined;
    return node === undefined ? [] : [node];
  });
  // What is not known is shown by what it holds.
  if (!elements.has(name))
    return name === "semantics"
      ? { name: "mrow", attributes: {}, children }
      : { name: "mtext", attributes: {}, children: [element.textContent ?? ""] };
  const kept = [...element.attributes].filter(({ name: key }) => attributes.has(key)).map(({ name: key, value }) => [key, value] as const);
  return { name, attributes: Object.fromEntries(kept), children };
}
