import { decodeText } from "../text/decode-text.ts";
import type { Format } from "../format.ts";
import { isTableRule, markdownBlocks, splitFrontMatter } from "../text/markdown-blocks.ts";
import { normaliseText } from "../text/normalise-text.ts";
import { problems } from "../problems.ts";
import type { ReadTable } from "../protocol.ts";
import { encodingWarnings } from "./text.ts";

/** Markdown: its text is kept as written, marks and all, without the front matter; blocks say what is what. */
export const markdown: Format = {
  types: ["md"],
  async read({ path, bytes, fileType, limits }, { emit }) {
    const decoded = decodeText(bytes);
    const { metadata, body } = splitFrontMatter(normaliseText(decoded.text));
    if (body.trim() === "" && Object.keys(metadata).length === 0) throw problems.empty(path);
    if (body.length > limits.textUnits) throw problems.tooLarge(path, "textUnits", limits.textUnits, body.length);
    const blocks = markdownBlocks(body);
    const first = blocks.find((block) => block.kind === "heading");
    const title = typeof metadata["title"] === "string" ? metadata["title"] : first && headingText(body.slice(first.start, first.end));
    emit({
      kind: "head",
      head: { ...fileType, ...(title ? { title } : {}), metadata: { ...metadata, encoding: decoded.encoding }, pages: 1 },
    });
    emit({ kind: "page", page: { page: 1, text: body, blocks, needsOcr: false } });
    const tables: ReadTable[] = blocks
      .filter((block) => block.kind === "table")
      .map(({ start, end }) => ({ page: 1, start, end, rows: tableRows(body.slice(start, end)) }));
    return { tables, attachments: [], warnings: encodingWarnings(decoded) };
  },
};

function headingText(line: string): string {
  return (
    line
      .split("\n", 1)[0]
      ?.replace(/^\s{0,3}#{1,6}(?:\s+|$)|(?<!\s)\s+#+\s*$/g, "")
      .trim() ?? ""
  );
}

function tableRows(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => !isTableRule(line))
    .map((line) =>
      line
        .trim()
        .replace(/^\||(?<!\\)\|$/g, "")
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
}
