import { describe, expect, it } from "vitest";
import type { Format } from "../../../src/main/engines/readers/format.ts";
import { csv } from "../../../src/main/engines/readers/formats/csv.ts";
import { json } from "../../../src/main/engines/readers/formats/json.ts";
import type { ReadItem } from "../../../src/main/engines/readers/protocol.ts";
import { limits } from "../../helpers/readers.ts";

/** What a format makes of a text: its head, its page, the blocks as text, and what it returns. */
async function read(format: Format, type: string, text: string | Uint8Array, textUnits = limits.textUnits) {
  const items: ReadItem[] = [];
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const source = {
    path: "a",
    bytes,
    fileType: { type, mime: "text/plain" },
    password: undefined,
    limits: { ...limits, textUnits },
    config: {},
  };
  const { signal } = new AbortController();
  const output = await format.read(source, { signal, checkpoint: async () => {}, emit: (item) => void items.push(item) });
  const head = items.flatMap((item) => (item.kind === "head" ? [item.head] : []))[0];
  const page = items.flatMap((item) => (item.kind === "page" ? [item.page] : []))[0];
  return { head, page, blocks: page?.blocks.map(({ start, end }) => page.text.slice(start, end)), ...output };
}

describe("JSON", () => {
  // Catches: a text that is written anew, in which no quotation of the file is found.
  it("stays as it is written", async () => {
    const text = '{ "b": 1,\n  "a": "Zürich" }';
    expect((await read(json, "json", text)).page?.text).toBe(text);
  });

  it("that is none is damaged, and one without a word is empty", async () => {
    await expect(read(json, "json", '{"a": 1')).rejects.toMatchObject({ code: "FILE_DAMAGED" });
    await expect(read(json, "json", " \n ")).rejects.toMatchObject({ code: "FILE_EMPTY" });
  });

  it("that is longer than what is read is refused", async () => {
    await expect(read(json, "json", `"${"x".repeat(100)}"`, 50)).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });
});

describe("JSON Lines", () => {
  it("are a block a record, blank lines aside, and are counted", async () => {
    const { blocks, head, warnings } = await read(json, "jsonl", '{"a":1}\n\n{"a":2}\n');
    expect(blocks).toEqual(['{"a":1}', '{"a":2}']);
    expect(head?.metadata).toMatchObject({ records: 2 });
    expect(warnings).toEqual([]);
  });

  // Catches: a log whose last line was cut off by a crash, and that is refused as a whole.
  it("of which one is broken are read, and the first such line is named as a person counts", async () => {
    const { blocks, warnings } = await read(json, "jsonl", '{"a":1}\n\n{"a":\n{"b"');
    expect(blocks).toHaveLength(3);
    expect(warnings).toEqual([{ code: "RECORD_INVALID", message: "Line 3 is not valid JSON." }]);
  });

  it("of which all are broken are damaged", async () => {
    await expect(read(json, "jsonl", "one\ntwo\n")).rejects.toMatchObject({ code: "FILE_DAMAGED" });
  });
});

describe("a table in a text file", () => {
  it("is one table whose first row goes with each passage", async () => {
    const { page, tables, head } = await read(csv, "csv", "Item;Price\nBolt;3,50\nNut;1,20\n");
    expect(page?.text).toBe("Item | Price\nBolt | 3,50\nNut | 1,20");
    expect(page?.text.slice(0, page.blocks[0]?.headerEnd)).toBe("Item | Price");
    expect(tables).toEqual([
      {
        page: 1,
        start: 0,
        end: page?.text.length,
        rows: [
          ["Item", "Price"],
          ["Bolt", "3,50"],
          ["Nut", "1,20"],
        ],
      },
    ]);
    expect(head?.metadata).toMatchObject({ delimiter: ";", rows: 3, columns: 2 });
  });

  // Catches: a comma or a line end in quotes that makes two cells or two rows of one.
  it("keeps a quoted cell whole, and a bar in it apart from those between cells", async () => {
    const { page, tables } = await read(csv, "csv", 'name,note\n"Ada, Countess","a|b\nc ""d"""\n');
    expect(tables[0]?.rows[1]).toEqual(["Ada, Countess", 'a|b\nc "d"']);
    expect(page?.text).toBe('name | note\nAda, Countess | a\\|b c "d"');
  });

  it("of one row has no head, and of none is empty", async () => {
    const { page } = await read(csv, "csv", "a,b,c");
    expect(page?.blocks[0]?.headerEnd).toBeUndefined();
    await expect(read(csv, "csv", "\n\n")).rejects.toMatchObject({ code: "FILE_EMPTY" });
  });

  it("in an older encoding has its letters", async () => {
    const bytes = Uint8Array.from("Stadt;Straße\nKöln;Grünweg\nZürich;Höhe\n", (letter) => letter.codePointAt(0) ?? 0);
    expect((await read(csv, "csv", bytes)).page?.text).toContain("Köln | Grünweg");
  });
});
