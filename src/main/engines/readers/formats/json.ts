import { decodeText } from "../text/decode-text.ts";
import type { Format } from "../format.ts";
import { normaliseText } from "../text/normalise-text.ts";
import { paragraphBlocks } from "../text/paragraphs.ts";
import { problems } from "../problems.ts";
import { isJson } from "../text/sniff-text.ts";
import { encodingWarnings } from "./text.ts";

/** JSON and JSON Lines: the text as written, so that a quotation is found in the file; a record of JSON Lines is a block. */
export const json: Format = {
  types: ["json", "jsonl"],
  async read({ path, bytes, fileType, limits }, { emit }) {
    const decoded = decodeText(bytes);
    const content = normaliseText(decoded.text);
    if (content.trim() === "") throw problems.empty(path);
    if (content.length > limits.textUnits) throw problems.tooLarge(path, "textUnits", limits.textUnits, content.length);
    const isLines = fileType.type === "jsonl";
    const broken = isLines ? brokenLine(content) : isJson(content) ? undefined : 0;
    if (broken === 0) throw problems.damaged(path, "it is not valid JSON");
    const blocks = isLines ? lineBlocks(content) : paragraphBlocks(content);
    emit({
      kind: "head",
      head: { ...fileType, metadata: { encoding: decoded.encoding, ...(isLines ? { records: blocks.length } : {}) }, pages: 1 },
    });
    emit({ kind: "page", page: { page: 1, text: content, blocks, needsOcr: false } });
    const warnings = broken === undefined ? [] : [{ code: "RECORD_INVALID", message: `Line ${broken} is not valid JSON.` }];
    return { tables: [], attachments: [], warnings: [...encodingWarnings(decoded), ...warnings] };
  },
};

/** The first line, counted from 1, that does not parse; 0 when none does. */
function brokenLine(content: string): number | undefined {
  const lines = content
    .split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "");
  const broken = lines.filter(({ line }) => !isJson(line));
  return broken.length === lines.length ? 0 : broken[0]?.number;
}

function lineBlocks(content: string) {
  return [...content.matchAll(/[^\n]*\S[^\n]*/g)].map((match) => ({
    kind: "paragraph" as const,
    start: match.index,
    end: match.index + match[0].trimEnd().length,
  }));
}
