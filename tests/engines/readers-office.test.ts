import { readFileSync } from "node:fs";
import { convert } from "officeparser";
import { afterAll, describe, expect, test } from "vitest";
import { codeOf } from "../helpers/engine-hosts.ts";
import { fixtureFolder } from "../helpers/make-fixtures.ts";
import { makeZip } from "../helpers/make-zip.ts";
import { blocksOf, readAll } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());

const source =
  "# Field report\n\nThe bridge was closed.\n\n- one\n- two\n\n## Costs\n\n| Item | Price |\n|---|---|\n| Bolt | 3.50 |\n| Nut | 1.20 |\n";

async function make(type: "docx" | "odt" | "rtf" | "epub"): Promise<string> {
  const { value } = await convert(Buffer.from(source), type, { parseConfig: { fileType: "md" } });
  return files.file(`report.${type}`, typeof value === "string" ? value : new Uint8Array(value));
}

describe.each(["docx", "odt", "rtf", "epub"] as const)("%s", (type) => {
  test("has its headings, text, lists and tables", async () => {
    const { head, pages, tables } = await readAll(await make(type));
    expect(head.type).toBe(type);
    const blocks = pages.flatMap(blocksOf);
    expect(blocks).toContain("heading1: Field report");
    expect(blocks).toContain("heading2: Costs");
    expect(blocks).toContain("paragraph: The bridge was closed.");
    expect(blocks.filter((block) => block.startsWith("list"))).toEqual(["list: - one", "list: - two"]);
    expect(tables.map(({ rows }) => rows)).toEqual([
      [
        ["Item", "Price"],
        ["Bolt", "3.50"],
        ["Nut", "1.20"],
      ],
    ]);
    for (const { page, start, end } of tables) expect(pages[(page ?? 1) - 1]?.text.slice(start, end)).toContain("Bolt | 3.50");
  });
});

const contentTypes =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';
const documentXml = (text: string) =>
  `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`;

test("a small file that unpacks to far more than it is, is refused as hostile", async () => {
  const packed = (text: string) => makeZip({ "[Content_Types].xml": contentTypes, "word/document.xml": documentXml(text) });
  expect((await readAll(files.file("plain.docx", packed("Small.")))).text).toBe("Small.");
  const bomb = files.file("bomb.docx", packed("a".repeat(30_000_000)));
  expect(await codeOf(readAll(bomb, { limits: { memoryBytes: 40_000_000 } }))).toBe("FILE_HOSTILE");
});

test("a file cut short is damaged", async () => {
  const whole = readFileSync(await make("docx"));
  expect(await codeOf(readAll(files.file("cut.docx", whole.subarray(0, Math.floor(whole.length * 0.7)))))).toMatch(
    /FILE_DAMAGED|FILE_TYPE_UNSUPPORTED/,
  );
});

test("an Office document wrapped in encryption needs a password, and is not called an old file", async () => {
  const wrapped = Buffer.from("d0cf11e0a1b11ae1".padEnd(8192, "0"), "hex");
  expect(await codeOf(readAll(files.file("locked.docx", wrapped)))).toMatch(/FILE_ENCRYPTED|FILE_DAMAGED/);
});
