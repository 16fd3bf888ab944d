import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { z } from "zod";
import { AppError, isAbort } from "../../../../shared/errors.ts";
import { issueWords } from "../../../../shared/issue-words.ts";
import type { DocumentContent } from "../documents/document-content.ts";

const Line = z.looseObject({
  _id: z.union([z.string().max(500), z.number()]),
  title: z.string().max(2000).default(""),
  text: z.string().max(20_000_000),
});

/** A record, or why its line is none. `line` counts from 1. */
export type RecordLine = { line: number; content: DocumentContent } | { line: number; error: AppError };

/**
 * Reads a JSON Lines file of records `{"_id","title","text",…}`. What else a record carries becomes metadata. A bad
 * line is an item, not the end.
 * @throws FILE_UNREADABLE when the file cannot be read to its end
 */
export async function* readRecords(path: string, signal: AbortSignal): AsyncGenerator<RecordLine, void> {
  let line = 0;
  try {
    for await (const raw of linesOf(createReadStream(path, { encoding: "utf8", signal }))) {
      line += 1;
      // A byte order mark counts as white space here, and JSON knows none.
      const json = raw.trim();
      if (json !== "") yield parseLine(json, line);
    }
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new AppError("FILE_UNREADABLE", `${path} could not be read beyond line ${line}.`, { cause });
  }
}

/** Lines end at line feeds alone: `node:readline` also ends them at U+2028 and U+2029, which JSON allows inside a string. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  let begun: string[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf("\n"); at >= 0; at = chunk.indexOf("\n", from)) {
      yield begun.join("") + chunk.slice(from, at);
      begun = [];
      from = at + 1;
    }
    begun.push(chunk.slice(from));
  }
  yield begun.join("");
}

function parseLine(raw: string, line: number): RecordLine {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch (cause) {
    return { line, error: new AppError("FILE_DAMAGED", `Line ${line} is not JSON.`, { cause }) };
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const why = issue ? `${issue.path.join(".") || "it"} ${issueWords({ ...issue })}` : "it is not valid";
    return { line, error: new AppError("FILE_DAMAGED", `Line ${line} is no record: ${why}.`) };
  }
  const { _id, title, text, ...metadata } = parsed.data;
  const clean = text.toWellFormed().replaceAll("\0", "");
  if (clean.trim() === "") return { line, error: new AppError("FILE_EMPTY", `Line ${line} has no text.`) };
  const externalId = String(_id);
  return {
    line,
    content: {
      contentHash: sha256(`record\n${externalId}\n${title}\n${clean}`),
      externalId,
      title: title.toWellFormed() || externalId,
      type: "record",
      bytes: Buffer.byteLength(raw),
      metadata,
      warnings: [],
      text: clean,
      textHash: sha256(clean),
      blocks: [{ kind: "paragraph", start: 0, end: clean.length }],
      pages: [],
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
