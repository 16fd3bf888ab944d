import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecords, type RecordLine } from "../../../src/main/features/knowledge/indexing/records.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

async function read(lines: string): Promise<RecordLine[]> {
  const path = join(temporaryFolder(), "records.jsonl");
  writeFileSync(path, lines);
  return Array.fromAsync(readRecords(path, new AbortController().signal));
}

describe("records", () => {
  it("become one document each, their id kept and what else they carry as metadata", async () => {
    const [record] = await read('{"_id":7,"title":"T","text":"Body","year":1999}\n');
    expect(record).toMatchObject({
      line: 1,
      content: { externalId: "7", title: "T", text: "Body", metadata: { year: 1999 }, type: "record" },
    });
  });

  it("are named by id and content, so that the same text under two ids is two documents", async () => {
    const [a, b, again] = await read('{"_id":"1","text":"same"}\n{"_id":"2","text":"same"}\n{"_id":"1","text":"same"}');
    const hash = (line: RecordLine | undefined) => (line && "content" in line ? line.content.contentHash : undefined);
    expect(hash(a)).not.toBe(hash(b));
    expect(hash(a)).toBe(hash(again));
  });

  it("may be wrong one by one: a bad line says which and why, and the rest is read", async () => {
    const lines = await read(
      '{"_id":"1","text":"good"}\n{"_id":\nnull\n{"text":"no id"}\n{"_id":"5","text":"  "}\n\n{"_id":"7","text":"good"}\n',
    );
    expect(lines.map((line) => ("error" in line ? `${line.line} ${line.error.code}` : `${line.line} ok`))).toEqual([
      "1 ok",
      "2 FILE_DAMAGED",
      "3 FILE_DAMAGED",
      "4 FILE_DAMAGED",
      "5 FILE_EMPTY",
      "7 ok",
    ]);
  });

  it("lose NUL and lone surrogates, which databases and JSON choke on", async () => {
    const [record] = await read('{"_id":"1","title":"\\ud800","text":"a\\u0000b\\udc00"}');
    expect(record).toMatchObject({ content: { text: "ab\ufffd", title: "\ufffd" } });
  });
});
