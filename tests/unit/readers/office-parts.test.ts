import type { OfficeContentNode } from "officeparser";
import { describe, expect, test } from "vitest";
import { chartsOf } from "../../../src/main/engines/readers/office/chart-parts.ts";
import { addSlideDetails } from "../../../src/main/engines/readers/office/slide-details.ts";
import { xmlAttribute, xmlParts, xmlText } from "../../../src/main/engines/readers/office/xml-parts.ts";
import { zipParts } from "../../../src/main/engines/readers/office/zip-part.ts";
import { makeZip } from "../../helpers/make-zip.ts";

describe("parts of a zip", () => {
  test("are found by name and unpacked, and what is not there is not found", () => {
    const zip = zipParts(makeZip({ "a/b.xml": "<x>größe</x>", "c.xml": "" }));
    expect(zip.names).toEqual(["a/b.xml", "c.xml"]);
    expect(zip.text("a/b.xml", 100)).toBe("<x>größe</x>");
    expect(zip.text("b.xml", 100)).toBeUndefined();
  });

  test("that would unpack to more than allowed are left, not unpacked", () => {
    const zip = zipParts(makeZip({ "bomb.xml": "a".repeat(5_000_000) }));
    expect(zip.text("bomb.xml", 100_000)).toBeUndefined();
  });

  test("of cut, empty and nonsense files are none, and nothing is thrown", () => {
    const whole = makeZip({ "a.xml": "text", "b.xml": "more text" });
    for (let length = 0; length < whole.length; length += 7) {
      const zip = zipParts(whole.subarray(0, length));
      for (const name of ["a.xml", ...zip.names]) zip.text(name, 1000);
    }
    const pointing = Buffer.from(whole);
    pointing.writeUInt32LE(0xffffffff, pointing.length - 6);
    expect(zipParts(pointing).names).toEqual([]);
    expect(zipParts(Buffer.from("504b0506", "hex")).names).toEqual([]);
  });
});

describe("pieces of XML", () => {
  test("are found under any prefix, with attributes in any order, and empty ones too", () => {
    const xml = '<c:pt idx="1"><c:v>a</c:v></c:pt><pt z="0" idx="2"/><x:pts><v>no</v></x:pts>';
    expect(xmlParts(xml, "pt").map(({ attributes, inside }) => [xmlAttribute(attributes, "idx"), inside])).toEqual([
      ["1", "<c:v>a</c:v>"],
      ["2", ""],
    ]);
    expect(xmlText(" a &lt;b&gt; &amp;amp; ")).toBe("a <b> &amp;");
  });

  test("that are never closed cost one look, however many there are", () => {
    const started = performance.now();
    expect(xmlParts("<ser>".repeat(400_000), "ser")).toEqual([]);
    expect(xmlParts(`<ser ${"x".repeat(2_000_000)}`, "ser")).toEqual([]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

const cell = (text: string): OfficeContentNode => ({ type: "cell", text, metadata: {} }) as OfficeContentNode;
const slideOf = (...rows: string[][]): OfficeContentNode =>
  ({
    type: "slide",
    metadata: { slideNumber: 1 },
    children: [{ type: "table", children: rows.map((row) => ({ type: "row", children: row.map(cell) })) }],
  }) as OfficeContentNode;
const spans = (slide: OfficeContentNode) =>
  slide.children?.[0]?.children?.map((row) => row.children?.map(({ metadata }) => ({ ...metadata })));

describe("what slides say beside their text", () => {
  const xml =
    '<p:sld><a:tbl><a:tr><a:tc gridSpan="2"><a:txBody/></a:tc><a:tc hMerge="1"/></a:tr><a:tr><a:tc rowSpan="1"/><a:tc/></a:tr></a:tbl></p:sld>';

  test("merged cells span what they cover", () => {
    const slide = slideOf(["Both", ""], ["a", "b"]);
    addSlideDetails([slide], makeZip({ "ppt/slides/slide1.xml": xml }));
    expect(spans(slide)).toEqual([
      [{ colSpan: 2, rowSpan: 1 }, {}],
      [{}, {}],
    ]);
  });

  test("a table that does not agree with the XML is left as it was parsed", () => {
    for (const slide of [slideOf(["Both", "", "third"], ["a", "b"]), slideOf(["only one row", ""])]) {
      const before = structuredClone(slide);
      addSlideDetails([slide], makeZip({ "ppt/slides/slide1.xml": xml }));
      expect(slide).toEqual(before);
    }
  });

  test("comments are given the names of their authors, and keep those they have", () => {
    const comment = (commentId: string, author?: string) => ({ type: "comment", metadata: { commentId, ...(author ? { author } : {}) } });
    const slide = { type: "slide", metadata: {}, comments: [comment("1-7"), comment("9-1"), comment("1-2", "Known")] };
    const authors = '<p:cmAuthorLst><p:cmAuthor initials="X" id="1" name="Tom &amp; Ann"/></p:cmAuthorLst>';
    addSlideDetails([slide as OfficeContentNode], makeZip({ "ppt/commentAuthors.xml": authors }));
    expect(slide.comments.map(({ metadata }) => ("author" in metadata ? metadata.author : undefined))).toEqual([
      "Tom & Ann",
      undefined,
      "Known",
    ]);
  });

  test("a file that is no zip changes nothing", () => {
    const slide = slideOf(["a"]);
    addSlideDetails([slide], Buffer.from("not a zip"));
    expect(spans(slide)).toEqual([[{}]]);
  });
});

describe("charts of a Word file", () => {
  const point = (index: number, value: string) => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`;
  const series = (name: string, ...values: string[]) =>
    `<c:ser><c:tx><c:strRef><c:strCache>${point(0, name)}</c:strCache></c:strRef></c:tx><c:cat><c:strRef>${point(0, "North")}${point(1, "South")}</c:strRef></c:cat><c:val><c:numRef>${values.map((value, at) => point(at, value)).join("")}</c:numRef></c:val></c:ser>`;
  const chart = (inside: string) =>
    `<c:chartSpace><c:chart><c:title><a:t>Ducks</a:t></c:title><c:plotArea><c:title><a:t>Axis</a:t></c:title>${inside}</c:plotArea></c:chart></c:chartSpace>`;

  test("give their title, labels and every series, in the order of the file", () => {
    const bytes = makeZip({
      "word/charts/chart10.xml": chart(series("Late", "9")),
      "word/charts/chart2.xml": chart(series("Wild", "1.5", "2") + series("Tame", "3", "4")),
      "word/charts/style1.xml": chart(series("No", "0")),
    });
    expect(
      chartsOf(bytes).map(({ title, labels, dataSets }) => ({
        title,
        labels,
        sets: dataSets.map(({ name, values }) => [name, ...values]),
      })),
    ).toEqual([
      {
        title: "Ducks",
        labels: ["North", "South"],
        sets: [
          ["Wild", "1.5", "2"],
          ["Tame", "3", "4"],
        ],
      },
      { title: "Ducks", labels: ["North", "South"], sets: [["Late", "9"]] },
    ]);
  });

  test("with a gap keep each value at its label, and a hostile index makes no room for itself", () => {
    const gap = `<c:ser><c:val>${point(1, "2")}${point(99_999, "x")}<c:pt idx="-1"><c:v>y</c:v></c:pt></c:val></c:ser>`;
    expect(chartsOf(makeZip({ "word/charts/chart1.xml": chart(gap) }))[0]?.dataSets[0]?.values).toEqual(["", "2"]);
  });

  test("without numbers are no charts", () => {
    expect(chartsOf(makeZip({ "word/charts/chart1.xml": chart("") }))).toEqual([]);
  });
});
