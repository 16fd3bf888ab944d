import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecords, type RecordLine } from "../../../src/main/features/knowledge/indexing/records.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

async function read(content: string | Buffer, signal = new AbortController().signal): Promise<RecordLine[]> {
  const path = join(temporaryFolder(), "records.jsonl");
  writeFileSync(path, content);
  return Array.fromAsync(readRecords(path, signal));
}
const texts = (lines: RecordLine[]) => lines.map((line) => ("error" in line ? line.error.code : line.content.text));

describe("lines of records", () => {
  // Catches the first record of every file that a Windows program wrote: it begins with a mark that JSON does not know.
  it("may begin with a byte order mark", async () => {
    expect(texts(await read('\uFEFF{"_id":1,"text":"one"}\n{"_id":2,"text":"two"}'))).toEqual(["one", "two"]);
  });

  // Catches a record torn in two at a character that ends a line on screen but is allowed inside a JSON string.
  it("end at line feeds only, not at the separators that JSON allows inside a string", async () => {
    expect(texts(await read('{"_id":1,"text":"one\u2028still one\u2029and\u0085on"}\n{"_id":2,"text":"two"}'))).toEqual([
      "one\u2028still one\u2029and\u0085on",
      "two",
    ]);
  });

  // Catches line numbers that are off after empty lines or the line ends of Windows.
  it("are numbered as an editor numbers them", async () => {
    const lines = await read('{"_id":1,"text":"one"}\r\n\r\n  \nbroken\r\n{"_id":2,"text":"two"}');
    expect(lines.map(({ line }) => line)).toEqual([1, 4, 5]);
    expect(texts(lines)).toEqual(["one", "FILE_DAMAGED", "two"]);
  });

  // Catches a character of several bytes that is cut in two where two reads of the file meet.
  it("keep characters whole wherever the file is cut for reading", async () => {
    const text = "€😀ä".repeat(40_000);
    expect(texts(await read(`{"_id":1,"text":"${text}"}`))).toEqual([text]);
  });

  // Catches two records with one text under two ids that become one document.
  it("with equal text and other ids are other documents", async () => {
    const [a, b] = await read('{"_id":"a","text":"same"}\n{"_id":"b","text":"same"}');
    if (!a || !b || "error" in a || "error" in b) throw new Error("A record was refused.");
    expect(a.content.contentHash).not.toBe(b.content.contentHash);
    expect(a.content.textHash).toBe(b.content.textHash);
  });

  // Catches an id 1 and an id "1" that are told apart, though both are kept as text.
  it("have numbers and texts as ids alike", async () => {
    const [a, b] = await read('{"_id":1,"text":"same"}\n{"_id":"1","text":"same"}');
    if (!a || !b || "error" in a || "error" in b) throw new Error("A record was refused.");
    expect([a.content.externalId, a.content.contentHash]).toEqual(["1", b.content.contentHash]);
  });

  // Catches a record of nothing that is stored, and one whose text would break the index or the screen.
  it("without text are refused, and what no text may hold is taken out", async () => {
    expect(texts(await read('{"_id":1,"text":" \\u0000 "}\n{"_id":2}\n[]\nnull\n{"_id":3,"text":"a\\u0000b\\ud800c"}'))).toEqual([
      "FILE_EMPTY",
      "FILE_DAMAGED",
      "FILE_DAMAGED",
      "FILE_DAMAGED",
      "ab\uFFFDc",
    ]);
  });

  // Catches a file that is read on after the job was cancelled, or a cancel that looks like a damaged file.
  it("are not read on after an abort", async () => {
    await expect(read('{"_id":1,"text":"one"}\n'.repeat(9), AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });

  // Catches a file that vanished and counts as one without records, which would take all of them out.
  it("of a file that cannot be read are an error, not none", async () => {
    const lines = readRecords(join(temporaryFolder(), "none.jsonl"), new AbortController().signal);
    await expect(Array.fromAsync(lines)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  });
});
