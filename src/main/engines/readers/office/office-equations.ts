import { equationText, type EquationNode } from "./equation-text.ts";
import { xmlText } from "./xml-parts.ts";

/** Deeper nesting keeps its text and loses its structure: no equation that people write comes near. */
const mostDepth = 60;

const token = /<(\/?)(?:\w{1,40}:)?(\w{1,60})((?:[^<>"]|"[^"<]*")*)>|([^<]+)/g;

/** How a kind of file holds equations (`opening` begins one, with what wraps it), runs of text and breaks. */
type Form = { opening: RegExp; run(text: string): string; break: string };

const forms = {
  docx: {
    opening: /<m:oMath(?:Para)?(?=[\s>])/g,
    run: (text) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`,
    break: "<w:r><w:br/></w:r>",
  },
  // Equations of slides stand in an element that older programs do not know ([MS-ODRAWXML] 2.8.1).
  pptx: { opening: /<a14:m(?=[\s>])/g, run: (text) => `<a:r><a:t>${text}</a:t></a:r>`, break: "<a:br/>" },
} satisfies Record<string, Form>;

/**
 * The XML of a part of a Word file or of a slide with each equation as a run of text; several in a row stand on lines of
 * their own. Looks once at each character, also of hostile XML: an equation that is not closed ends the search.
 */
export function withEquationsAsText(xml: string, type: keyof typeof forms): string {
  const form: Form = forms[type];
  const opening = new RegExp(form.opening);
  let made = "";
  let done = 0;
  let hasMade = false;
  for (let open = opening.exec(xml); open; open = opening.exec(xml)) {
    const found = parse(xml, open.index);
    if (!found) break;
    const between = xml.slice(done, open.index);
    opening.lastIndex = found.end;
    // One of two ways to show it: a run in its place would be in neither.
    if (/<mc:Choice[^<>]{0,200}>\s{0,20}$/.test(between.slice(-250))) continue;
    const follows = hasMade && between.trim() === "";
    const lines = linesOf(found.node).filter((line) => line !== "");
    made += between + (follows && lines.length > 0 ? form.break : "") + lines.map((line) => form.run(escaped(line))).join(form.break);
    done = found.end;
    hasMade = true;
  }
  return made + xml.slice(done);
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A paragraph of equations has them as parts, and so has what wraps them on a slide. */
function linesOf(node: EquationNode): string[] {
  if (node.name === "oMathPara") return node.parts.filter(({ name }) => name === "oMath").map(equationText);
  return node.name === "m" ? node.parts.flatMap(linesOf) : [equationText(node)];
}

/** The element that begins at `start`; undefined when it is not closed. */
function parse(xml: string, start: number): { node: EquationNode; end: number } | undefined {
  const root: EquationNode = { name: "", value: undefined, text: "", parts: [] };
  const open = [root];
  let depth = 0;
  token.lastIndex = start;
  for (let found = token.exec(xml); found; found = token.exec(xml)) {
    const [, slash, name = "", attributes = "", text] = found;
    const parent = open[Math.min(depth, open.length - 1)] ?? root;
    if (text !== undefined) {
      // Spaces count in a run's text alone; what `xmlText` trims is none of it.
      if (parent.name === "t") parent.text += /^\s|\s$/.test(text) ? spaced(text) : xmlText(text);
      else if (depth > mostDepth && text.trim() !== "") parent.parts.push({ name: "t", value: undefined, text: xmlText(text), parts: [] });
      continue;
    }
    if (slash === "/") {
      depth -= 1;
      if (depth < mostDepth) open.length = Math.min(open.length, Math.max(1, depth + 1));
      if (depth <= 0) {
        const [node] = root.parts;
        return node && { node, end: token.lastIndex };
      }
      continue;
    }
    const isClosed = attributes.endsWith("/");
    const node: EquationNode = { name, value: valueOf(attributes), text: "", parts: [] };
    if (depth <= mostDepth) parent.parts.push(node);
    if (isClosed) continue;
    depth += 1;
    if (depth <= mostDepth) open.push(node);
  }
  return undefined;
}

function valueOf(attributes: string): string | undefined {
  const value = /\s(?:\w{1,40}:)?val="([^"<]{0,100})"/.exec(attributes)?.[1];
  return value === undefined ? undefined : xmlText(value);
}

const spaced = (text: string) => `${/^\s/.test(text) ? " " : ""}${xmlText(text)}${/\S\s$/.test(text) ? " " : ""}`;
