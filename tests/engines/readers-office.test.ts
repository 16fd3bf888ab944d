import { readFileSync } from "node:fs";
import { convert, type OfficeContentNode } from "officeparser";
import { afterAll, describe, expect, test } from "vitest";
import { addOffice } from "../../src/main/engines/readers/office/office-text.ts";
import { createTextBuilder } from "../../src/main/engines/readers/text/text-builder.ts";
import { codeOf } from "../helpers/engine-hosts.ts";
import { makePptx } from "../helpers/every-type.ts";
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

const wordTable = (rows: string) => `<w:tbl>${rows}</w:tbl>`;
const wordCell = (content: string, properties = "") => `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`;
const wordText = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const wordFile = (name: string, body: string, more: Record<string, string> = {}) =>
  files.file(
    name,
    makeZip({ "[Content_Types].xml": contentTypes, "word/document.xml": documentXml("x").replace(/<w:p>.*<\/w:p>/, body), ...more }),
  );

describe("tables of Word", () => {
  test("a merged cell is repeated in every place that it covers, so that each row stands for itself", async () => {
    const rows = [
      `<w:tr>${wordCell(wordText("Item"))}${wordCell(wordText("Price"), '<w:gridSpan w:val="2"/>')}</w:tr>`,
      `<w:tr>${wordCell(wordText("Bolt"), '<w:vMerge w:val="restart"/>')}${wordCell(wordText("3.50"))}${wordCell(wordText("net"))}</w:tr>`,
      `<w:tr>${wordCell(wordText(""), "<w:vMerge/>")}${wordCell(wordText("4.17"))}${wordCell(wordText("gross"))}</w:tr>`,
    ];
    const { tables } = await readAll(wordFile("merged.docx", wordTable(rows.join(""))));
    expect(tables.map(({ rows: found }) => found)).toEqual([
      [
        ["Item", "Price", "Price"],
        ["Bolt", "3.50", "net"],
        ["Bolt", "4.17", "gross"],
      ],
    ]);
  });

  test("a frame of one cell is no table; the table inside it is", async () => {
    const inner = wordTable(`<w:tr>${wordCell(wordText("a"))}${wordCell(wordText("b"))}</w:tr>`);
    const read = await readAll(wordFile("frame.docx", wordTable(`<w:tr>${wordCell(`${inner}${wordText("")}`)}</w:tr>`)));
    expect(read.tables.map(({ rows }) => rows)).toEqual([[["a", "b"]]]);
    expect(read.text).toBe("a | b");
  });

  test("one cell of plain text stays a table", async () => {
    expect((await readAll(wordFile("single.docx", wordTable(`<w:tr>${wordCell(wordText("alone"))}</w:tr>`)))).tables).toHaveLength(1);
  });
});

// Catches a part that the parser of Word files does not take after its equations were written out.
test("equations of Word stand in their sentences, tables and notes, each in its place", async () => {
  const math = (inside: string) => `<m:oMath>${inside}</m:oMath>`;
  const sign = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`;
  const root = `<m:rad><m:deg/><m:e>${sign("c")}</m:e></m:rad>`;
  const isotope = `<m:sPre><m:sub>${sign("2")}</m:sub><m:sup>${sign("4")}</m:sup><m:e>${sign("He")}</m:e></m:sPre>`;
  const body = [
    `<w:p><w:r><w:t xml:space="preserve">Take </w:t></w:r>${math(root)}<w:r><w:t xml:space="preserve"> of it.</w:t></w:r></w:p>`,
    `<w:p><m:oMathPara>${math(sign("a=b"))}${math(sign("c=d"))}</m:oMathPara></w:p>`,
    wordTable(`<w:tr>${wordCell(wordText("Helium"))}${wordCell(`<w:p>${math(isotope)}</w:p>`)}</w:tr>`),
  ];
  const { text, tables } = await readAll(wordFile("equations.docx", body.join("")));
  expect(text).toContain("Take \\sqrt{c} of it.");
  expect(text).toContain("a=b\nc=d");
  expect(tables.map(({ rows }) => rows)).toEqual([[["Helium", "{}_2^4He"]]]);
});

// Catches an equation of a slide that is lost, read by the parser's own hand (it runs `a=b` and `c=d` into one), or read twice.
test("equations of slides stand in their sentences, of shapes for newer programs too, each once", async () => {
  const sign = (text: string) => `<m:r><m:t>${text}</m:t></m:r>`;
  const math = (...parts: string[]) =>
    `<a14:m xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"><m:oMathPara xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">${parts.map((part) => `<m:oMath>${part}</m:oMath>`).join("")}</m:oMathPara></a14:m>`;
  const shape = (inside: string) => `<p:sp><p:nvSpPr><p:nvPr/></p:nvSpPr><p:txBody><a:p>${inside}</a:p></p:txBody></p:sp>`;
  const isotope = `<m:sPre><m:sub>${sign("2")}</m:sub><m:sup>${sign("4")}</m:sup><m:e>${sign("He")}</m:e></m:sPre>`;
  const newer = `<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" Requires="a14">${shape(math(sign("a=b"), sign("c=d")))}</mc:Choice><mc:Fallback>${shape("<a:r><a:t>not shown</a:t></a:r>")}</mc:Fallback></mc:AlternateContent>`;
  const { text } = await readAll(
    files.file("equations.pptx", makePptx(shape(`<a:r><a:t>Take </a:t></a:r>${math(isotope)}<a:r><a:t> of it.</a:t></a:r>`) + newer)),
  );
  expect(text).toContain("Take {}_2^4He of it.");
  expect(text).toContain("a=b\nc=d");
  expect(text.match(/a=b/g)).toHaveLength(1);
  expect(text).not.toContain("not shown");
});

test("a chart is read as its title and the table of its numbers", () => {
  const attachment = {
    type: "chart" as const,
    name: "chart1.xml",
    mimeType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document" as const,
    data: "",
    chartData: {
      title: "Ducks",
      labels: ["2019", "2020"],
      dataSets: [{ name: "Seen", values: ["120", "130"], pointLabels: [] }],
      rawTexts: [],
    },
    extension: "xml",
  };
  const builder = createTextBuilder("a.pptx", 10_000);
  const tables = addOffice([{ type: "chart", text: "120 130", metadata: { attachmentName: "chart1.xml" } }], [attachment], builder, 3);
  expect(builder.text()).toBe("Ducks\n\n | Seen\n2019 | 120\n2020 | 130");
  expect(tables).toMatchObject([
    {
      page: 3,
      start: 7,
      rows: [
        ["", "Seen"],
        ["2019", "120"],
        ["2020", "130"],
      ],
    },
  ]);
});

test("a chart without numbers keeps what words it has", () => {
  const builder = createTextBuilder("a.pptx", 10_000);
  addOffice([{ type: "chart", text: "Ducks by year", metadata: { attachmentName: "lost.xml" } }], [], builder, 1);
  expect(builder.text()).toBe("Ducks by year");
});

test("comments and notes follow the block that they hang on, each once, under the name of who wrote them", () => {
  const comment: OfficeContentNode = { type: "comment", text: "Really?", metadata: { author: "Jane" } };
  const builder = createTextBuilder("a.docx", 10_000);
  const text: OfficeContentNode = { type: "text", text: "Claim.", comments: [comment] };
  addOffice(
    [
      { type: "paragraph", text: "Claim.", children: [text], comments: [comment] },
      { type: "paragraph", text: "Next." },
    ],
    [],
    builder,
    1,
  );
  expect(builder.text()).toBe("Claim.\n\nJane: Really?\n\nNext.");
});

test.each([
  ["A duck on a pond", "A duck on a pond"],
  ["image001.png", ""],
  ["see image001.png", "see image001.png"],
])("a picture described as %j is read as %j", (altText, expected) => {
  const builder = createTextBuilder("a.docx", 10_000);
  addOffice([{ type: "image", text: "", metadata: { attachmentName: "x", altText } }], [], builder, 1);
  expect(builder.text()).toBe(expected);
});

test("spans of a hostile table fill no more than a bounded number of cells", () => {
  const cell: OfficeContentNode = { type: "cell", text: "x", metadata: { row: 0, col: 0, colSpan: 1e9, rowSpan: 1e9 } };
  const rows = Array.from({ length: 2000 }, (): OfficeContentNode => ({ type: "row", text: "", children: [cell] }));
  const builder = createTextBuilder("a.docx", 50_000_000);
  const [table] = addOffice([{ type: "table", text: "", children: rows }], [], builder, 1);
  expect(table?.rows.length).toBe(2000);
  expect(table?.rows.flat().filter((text) => text === "x").length).toBeLessThan(1_000_000);
});
