import { describe, expect, test } from "vitest";
import { editDistance } from "../../../scripts/eval/lib/edit-distance.ts";
import { strictMail } from "../../../scripts/eval/lib/strict-mail.ts";
import { strictXlsx } from "../../../scripts/eval/lib/strict-xlsx.ts";
import { errorRates, markdownTables, scoreCells, scoreRows, textSimilarity } from "../../../scripts/eval/lib/text-scores.ts";
import { makeZip } from "../../helpers/make-zip.ts";
import { editDistance as plainDistance } from "../../helpers/text-distance.ts";

describe("edit distance", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["kitten", "sitting", 3],
    ["a".repeat(32), "a".repeat(33), 1],
    ["a".repeat(64), `${"a".repeat(40)}b${"a".repeat(23)}`, 1],
  ])("of %j and %j is %i", (from, to, expected) => {
    expect(editDistance(from, to)).toBe(expected);
  });

  test("agrees with the plain table for texts of every length around the block's 32", () => {
    let seed = 7;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    const word = (length: number) => Array.from({ length }, () => "abcd"[Math.floor(random() * 4)]).join("");
    for (let length = 0; length < 100; length += 3) {
      const [from, to] = [word(length), word(Math.floor(random() * 100))];
      expect(editDistance(from, to), `${from} / ${to}`).toBe(plainDistance(from, to));
    }
  });

  test("counts whole words where it is given words", () => {
    expect(editDistance(["the", "bridge", "is", "closed"], ["the", "old", "bridge", "closed"])).toBe(2);
  });
});

describe("scores of a text", () => {
  test("marks of Markdown, composed letters and runs of spaces make no difference", () => {
    expect(textSimilarity("Costs\n\nBolt   3.50 caf\u00e9", "# **Costs**\n\n- Bolt 3.50 cafe\u0301")).toBe(1);
  });

  test("nothing read is nothing right, and nothing expected is all right", () => {
    expect(textSimilarity("", "words")).toBe(0);
    expect(textSimilarity("", "")).toBe(1);
  });

  test("error rates count against the truth's length", () => {
    expect(errorRates("The bridqe is closed", "The bridge is closed")).toEqual({ characters: 1 / 20, words: 1 / 4 });
  });
});

describe("scores of tables", () => {
  const truth = "| Item | Price |\n|---|---|\n| Bolt \\| nut | 3.50 |\n\nBetween\n\n| x |\n| - |\n| y |\n";

  test("Markdown's tables are parted by what is between them, rule lines are no rows", () => {
    expect(markdownTables(truth).map((rows) => rows.map((row) => row.map((cell) => cell.trim())))).toEqual([
      [
        ["Item", "Price"],
        ["Bolt | nut", "3.50"],
      ],
      [["x"], ["y"]],
    ]);
  });

  test("a dash in a cell is no rule line", () => {
    expect(markdownTables("| a | b |\n| - | - |\n| - | 5 |\n")[0]).toHaveLength(2);
  });

  test("a cell counts at its own row and column only, and each read table once", () => {
    const rows = [
      ["a", "b"],
      ["c", "d"],
    ];
    expect(scoreCells([rows], [rows])).toEqual({ right: 4, all: 4 });
    expect(
      scoreCells(
        [
          [
            ["b", "a"],
            ["c", "d"],
          ],
        ],
        [rows],
      ),
    ).toEqual({ right: 2, all: 4 });
    expect(scoreCells([rows], [rows, rows])).toEqual({ right: 4, all: 8 });
    expect(scoreCells([], [rows])).toEqual({ right: 0, all: 4 });
  });

  test("where columns differ, the cells of a row count together", () => {
    expect(
      scoreRows(
        [[["a", "", "b"]]],
        [
          [
            ["a", "b"],
            ["c", "b"],
          ],
        ],
      ),
    ).toEqual({ right: 2, all: 4 });
  });
});

describe("the strict reading of a mail", () => {
  test("takes head, plain part and names from the bytes", () => {
    const mail = [
      "From: Ada <ada@example.com>",
      "Subject: =?utf-8?Q?Br=C3=BCcke?= =?utf-8?B?IHp1?=",
      'Content-Type: multipart/mixed; boundary="x"',
      "",
      "--x",
      "Content-Type: text/plain; charset=iso-8859-1",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      "Br=FCcke",
      "--x",
      'Content-Disposition: attachment; filename="a=b.txt"',
      "",
      "x",
      "--x--",
    ].join("\r\n");
    expect(strictMail(Buffer.from(mail))).toMatchObject({
      from: ["ada@example.com"],
      to: [],
      subject: "Brücke zu",
      attachments: ["a=b.txt"],
    });
    expect(strictMail(Buffer.from(mail)).body?.trim()).toBe("Brücke");
    expect(strictMail(Buffer.from(mail, "utf16le")).subject).toBe("Brücke zu");
  });
});

test("the strict reading of a workbook gives stored values at their places, without empty rows", () => {
  const sheet =
    '<sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2"><v>3.5</v></c></row><row r="4"><c r="B4" t="inlineStr"><is><t>x &amp; y</t></is></c><c r="C4"/></row></sheetData>';
  const zip = makeZip({
    "xl/sharedStrings.xml": "<sst><si><r><t>Bo</t></r><r><t>lt</t></r></si></sst>",
    "xl/worksheets/sheet1.xml": sheet,
  });
  expect(strictXlsx(Buffer.from(zip))).toEqual([
    [
      ["Bolt", "", "3.5"],
      ["", "x & y", ""],
    ],
  ]);
});
