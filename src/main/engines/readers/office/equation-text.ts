/** An element of an equation's XML (ECMA-376 part 1, 22.1): its name without prefix, the value of its `val`, its parts. */
export type EquationNode = { name: string; value: string | undefined; text: string; parts: EquationNode[] };

const alphabets: Record<string, string> = { "double-struck": "\\mathbb", script: "\\mathcal", fraktur: "\\mathfrak" };
const operators: Record<string, string> = {
  "∑": "\\sum",
  "∏": "\\prod",
  "∫": "\\int",
  "∬": "\\iint",
  "∭": "\\iiint",
  "∮": "\\oint",
  "⋃": "\\bigcup",
  "⋂": "\\bigcap",
};
const accents: Record<string, string> = {
  "\u0304": "\\bar",
  "\u0305": "\\overline",
  "\u20d7": "\\vec",
  "\u0307": "\\dot",
  "\u0308": "\\ddot",
  "\u0303": "\\tilde",
};
const functionName = /^(?:arc)?(?:sin|cos|tan|cot)h?$|^(?:log|ln|lg|exp|lim|max|min|sup|inf|det|dim|ker|gcd)$/;

/** An equation on one line, close to LaTeX; symbols stay as they are. */
export function equationText(node: EquationNode): string {
  const { name, parts } = node;
  const all = () => parts.map(equationText).join("");
  const part = (wanted: string) => textOf(parts.find((one) => one.name === wanted));
  switch (name) {
    case "t":
      return escaped(node.text);
    case "r": {
      const alphabet = alphabets[property(node, "rPr", "scr") ?? ""];
      return alphabet ? `${alphabet}{${all()}}` : all();
    }
    case "f": {
      const type = property(node, "fPr", "type");
      if (type === "lin" || type === "skw") return `${grouped(part("num"))}/${grouped(part("den"))}`;
      if (type === "noBar") return `{${part("num")} \\atop ${part("den")}}`;
      return `\\frac{${part("num")}}{${part("den")}}`;
    }
    case "sSup":
      return `${grouped(part("e"))}^${script(part("sup"))}`;
    case "sSub":
      return `${grouped(part("e"))}_${script(part("sub"))}`;
    case "sSubSup":
      return `${grouped(part("e"))}_${script(part("sub"))}^${script(part("sup"))}`;
    case "sPre": {
      const [sub, sup] = [part("sub"), part("sup")];
      return `{}${sub && `_${script(sub)}`}${sup && `^${script(sup)}`}${part("e")}`;
    }
    case "rad": {
      const degree = part("deg");
      return `\\sqrt${degree === "" ? "" : `[${degree}]`}{${part("e")}}`;
    }
    case "nary": {
      const sign = property(node, "naryPr", "chr") ?? "∫";
      const [sub, sup] = [part("sub"), part("sup")];
      return `${operators[sign] ?? escaped(sign)}${sub && `_${script(sub)}`}${sup && `^${script(sup)}`} ${part("e")}`;
    }
    case "d":
      return delimited(node);
    case "func":
      return `${functionText(part("fName"))} ${part("e")}`;
    case "limLow":
      return `${functionText(part("e"))}_${script(part("lim"))}`;
    case "limUpp":
      return `${functionText(part("e"))}^${script(part("lim"))}`;
    case "bar":
      return `${property(node, "barPr", "pos") === "top" ? "\\overline" : "\\underline"}{${part("e")}}`;
    case "acc":
      return `${accents[property(node, "accPr", "chr") ?? ""] ?? "\\hat"}{${part("e")}}`;
    case "groupChr":
      return `${property(node, "groupChrPr", "chr") === "⏞" ? "\\overbrace" : "\\underbrace"}{${part("e")}}`;
    case "m":
      return `\\begin{matrix}${rowsOf(node, "mr").join(" \\\\ ")}\\end{matrix}`;
    case "mr":
      return parts.map(equationText).join(" & ");
    case "eqArr":
      return rowsOf(node, "e").join(" \\\\ ");
    case "del":
      return "";
    default:
      // Properties say how it looks.
      return name.endsWith("Pr") ? "" : all();
  }
}

const textOf = (node: EquationNode | undefined): string => (node ? equationText(node) : "");
const rowsOf = ({ parts }: EquationNode, name: string): string[] => parts.filter((one) => one.name === name).map(equationText);

/** The value of a property, empty where it is there without one. */
function property(node: EquationNode, group: string, name: string): string | undefined {
  const found = node.parts.find((one) => one.name === group)?.parts.find((one) => one.name === name);
  return found && (found.value ?? "");
}

function delimited(node: EquationNode): string {
  const inside = rowsOf(node, "e");
  const [begin, end] = [property(node, "dPr", "begChr") ?? "(", property(node, "dPr", "endChr") ?? ")"];
  const stacked = /^\{([^{}]*) \\atop ([^{}]*)\}$/.exec(inside.length === 1 ? (inside[0] ?? "") : "");
  if (stacked && begin === "(" && end === ")") return `\\binom{${stacked[1]}}{${stacked[2]}}`;
  return `${escaped(begin)}${inside.join(escaped(property(node, "dPr", "sepChr") ?? "|"))}${escaped(end)}`;
}

/** One letter or number needs no braces. */
const script = (text: string): string => (/^[\p{L}\p{N}]$/u.test(text) ? text : `{${text}}`);
const grouped = (text: string): string => (/^(?:[\p{L}\p{N}]*|\([^()]*\)|\\\w+(?:\{[^{}]*\})?)$/u.test(text) ? text : `{${text}}`);

/** The command of a function that has one; its limits stay with it. */
function functionText(name: string): string {
  const word = /^\s*([a-z]+)/.exec(name);
  return word?.[1] !== undefined && functionName.test(word[1]) ? `\\${word[1]}${name.slice(word[0].length)}` : name;
}

const escaped = (text: string): string => text.replace(/\\/g, "\\backslash ").replace(/[%#&${}]/g, "\\$&");
