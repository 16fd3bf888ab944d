import { common, createLowlight } from "lowlight";

/** A piece of code and what it is. All pieces together are the code. */
export type Mark = { text: string; kind: "plain" | "comment" | "keyword" | "literal" | "name" };

const lowlight = createLowlight(common);
/** Longer code would hold the page. */
const longest = 50_000;

type Node = { type: string; value?: string; properties?: { className?: unknown }; children?: Node[] };

/** Marks of code, or undefined for a language that is not known. The highlighter gives a tree; no markup is made of it. */
export function highlight(code: string, language: string): Mark[] | undefined {
  const name = language.toLowerCase();
  if (code.length > longest || !lowlight.registered(name)) return undefined;
  const marks: Mark[] = [];
  const visit = (node: Node, kind: Mark["kind"]) => {
    if (node.type === "text" && node.value) marks.push({ text: node.value, kind });
    const own = kindOf(node.properties?.className) ?? kind;
    for (const child of node.children ?? []) visit(child, own);
  };
  visit(lowlight.highlight(name, code) as Node, "plain");
  return marks;
}

const kinds: Record<string, Mark["kind"]> = {
  comment: "comment",
  quote: "comment",
  keyword: "keyword",
  built_in: "keyword",
  type: "keyword",
  "selector-tag": "keyword",
  string: "literal",
  number: "literal",
  literal: "literal",
  regexp: "literal",
  symbol: "literal",
  title: "name",
  name: "name",
  attr: "name",
  attribute: "name",
};

function kindOf(classes: unknown): Mark["kind"] | undefined {
  const [first] = Array.isArray(classes) ? classes : [];
  return typeof first === "string" ? kinds[first.replace("hljs-", "")] : undefined;
}
