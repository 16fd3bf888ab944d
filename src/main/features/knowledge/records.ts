import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { AppError, isAbort } from "../../../shared/errors.ts";
import type { DocumentContent } from "./index-document.ts";

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
  const lines = createInterface({ input: createReadStream(path, { encoding: "utf8", signal }), crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  try {
    for await (const raw of lines) {
      line += 1;
      if (raw.trim() === "") continue;
      yield parseLine(raw, line);
    }
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new AppError("FILE_UNREADABLE", `${path} could not be read beyond line ${line}.`, { cause });
  }
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
    return {
      line,
      error: new AppError("FILE_DAMAGED", `Line ${line} is no record: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim()),
    };
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
