import { describe, expect, it } from "vitest";
import { likelyDelimiter, parseDelimited } from "../../../src/main/engines/readers/text/delimited.ts";
import { seeded } from "../../helpers/random-text.ts";

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe("rows of delimited text", () => {
  // Catches a parser that takes one delimiter, quote or line end too many.
  it.each<[string, string, string[][]]>([
    ["nothing", "", []],
    ["one cell", "a", [["a"]]],
    ["a last line end", "a,b\n", [["a", "b"]]],
    [
      "no last line end",
      "a,b\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "empty lines between rows",
      "a,b\n\n\nc,d\n\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["an empty cell at the end", "a,\n", [["a", ""]]],
    ["an empty cell at the end of the text", "a,", [["a", ""]]],
    ["empty cells only", ",,", [["", "", ""]]],
    ["an empty cell at the start", ",a", [["", "a"]]],
    ["a delimiter in quotes", '"a,b",c', [["a,b", "c"]]],
    [
      "a line end in quotes",
      '"a\nb",c\nd,e',
      [
        ["a\nb", "c"],
        ["d", "e"],
      ],
    ],
    ["quotes in quotes", '"say ""hi""",x', [['say "hi"', "x"]]],
    ["nothing but quotes in quotes", '"""",x', [['"', "x"]]],
    ["an empty quoted cell", '"",x', [["", "x"]]],
    ["a quote inside of a plain cell", 'a"b,c"d', [['a"b', 'c"d']]],
    ["text behind a closing quote", '"a"b,c', [["ab", "c"]]],
    ["a quote that never closes", 'a,"b\nc,d', [["a", "b\nc,d"]]],
    ["a quote at the very end", 'a,"', [["a", ""]]],
    ["spaces, which belong to the cell", " a , b ", [[" a ", " b "]]],
    ["rows of different widths", "a\nb,c\nd,e,f", [["a"], ["b", "c"], ["d", "e", "f"]]],
  ])("of %s", (_, text, rows) => {
    expect(parseDelimited(text, ",")).toEqual(rows);
  });

  // Catches any cell that is changed, lost or moved on its way through a file.
  it.each([",", ";", "\t", "|"])("parted by %j come back as they were written, whatever the cells hold", (delimiter) => {
    const letters = ["a", "é", "💧", '"', '""', ",", ";", "\t", "|", "\n", " ", "", "0"];
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seeded(seed);
      const cell = () => Array.from({ length: Math.floor(random() * 6) }, () => letters[Math.floor(random() * letters.length)]).join("");
      const width = 2 + Math.floor(random() * 5);
      const rows = Array.from({ length: 1 + Math.floor(random() * 12) }, () => Array.from({ length: width }, cell));
      const text = rows.map((row) => row.map(quoted).join(delimiter)).join("\n");
      expect(parseDelimited(text, delimiter)).toEqual(rows);
      expect(parseDelimited(`${text}\n`, delimiter)).toEqual(rows);
    }
  });

  // Catches a text that is dropped or repeated: every letter outside of quotes is in one cell.
  it("hold every letter of a text without quotes, once and in order", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seeded(seed);
      const text = Array.from({ length: Math.floor(random() * 300) }, () => "ab,\n;"[Math.floor(random() * 5)]).join("");
      expect(parseDelimited(text, ",").flat().join("")).toBe(text.replace(/[,\n]/g, ""));
    }
  });

  // Catches a parser whose time grows with the square of an open quote or of a row.
  it("of hostile texts end", () => {
    expect(parseDelimited('"'.repeat(300_001), ",").length).toBe(1);
    expect(parseDelimited(",".repeat(200_000), ",")[0]?.length).toBe(200_001);
    expect(
      parseDelimited(`${'"a'.repeat(100_000)}`, ",")
        .flat()
        .join("").length,
    ).toBeGreaterThan(0);
    expect(parseDelimited("\n".repeat(300_000), ",")).toEqual([]);
  });
});

describe("the likely delimiter", () => {
  // Catches a table that is read as one wide column, and prose that is torn apart at its commas.
  it.each([
    [",", "name,age\nann,3\nbob,4\n"],
    [";", "name;amount\nann;1,5\nbob;2,5\n"],
    ["\t", "name\tremark\nann\ta, b, c\nbob\td\n"],
    ["|", "a|b|c\n1|2|3\n"],
    [";", 'name;remark\nann;"x, y, z"\nbob;"p, q"\n'],
    [",", "a single column\nof words\n"],
    [",", ""],
    [",", "\n\n\n"],
    [";", "a;b;c\n1;2;3\n4;5\n6;7;8\n"],
    ["\t", "a\tb;c\n1\t2;3\n4\t5\n"],
  ])("is %j", (delimiter, text) => {
    expect(likelyDelimiter(text)).toBe(delimiter);
  });

  it("is told by the start of a long text, whose last row is cut off", () => {
    expect(likelyDelimiter("a;b;c;d\n".repeat(100_000))).toBe(";");
    expect(likelyDelimiter("x".repeat(2_000_000))).toBe(",");
  });
});
