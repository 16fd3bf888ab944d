import { describe, expect, it } from "vitest";
import { fragmentsOf } from "../../../src/main/engines/readers/pdf/lines.ts";
import { apply, boundingBox, identity, type Matrix, multiply, toMatrix } from "../../../src/main/engines/readers/pdf/matrix.ts";
import { needsOcr } from "../../../src/main/engines/readers/pdf/needs-ocr.ts";
import { bodySize, countSizes, pageBlocks } from "../../../src/main/engines/readers/pdf/page-blocks.ts";
import type { Glyph } from "../../../src/main/engines/readers/pdf/page-content.ts";
import { pageText } from "../../../src/main/engines/readers/pdf/page-text.ts";
import { createTextBuilder } from "../../../src/main/engines/readers/text/text-builder.ts";
import { seeded } from "../../helpers/random-text.ts";

/** A line of words as a page draws it: each letter half as wide as the font is high. */
function draw(text: string, x: number, base: number, { size = 10, bold = false, ...more }: Partial<Glyph> = {}): Glyph[] {
  return Array.from(text, (letter, index): Glyph => {
    const from = x + (index * size) / 2;
    const to = from + size / 2;
    const box: Glyph["box"] = [from, base - size * 0.8, to, base + size * 0.2];
    return {
      text: letter,
      box,
      direction: [1, 0],
      from,
      to,
      base,
      size,
      bold,
      space: letter === " ",
      hidden: false,
      unreadable: false,
      ...more,
    };
  });
}

function lay(glyphs: readonly Glyph[]) {
  const groups = fragmentsOf(glyphs);
  const sizes = new Map<number, number>();
  countSizes(groups, sizes);
  const builder = createTextBuilder("a.pdf", 1e6);
  const { words, tables } = pageText(pageBlocks(groups, bodySize(sizes)), 1, builder);
  const text = builder.text();
  const blocks = builder.blocks.map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
  return { text, blocks, tables, words };
}

const letters = (text: string) => Array.from(text.replace(/[\s|]/g, "")).sort().join("");

describe("the layout of a page", () => {
  // Catches: a name in large letters glued to the small words behind it, whose space is small, and a large first letter torn from its word.
  it("parts words by a space of either font, and not where there is none", () => {
    const beside = (gap: number) =>
      lay([...draw("Northfield", 50, 100, { size: 18 }), ...draw("Ltd, Leeds", 140 + gap, 100, { size: 8 })]).text;
    expect(beside(2.2).trim()).toBe("Northfield Ltd, Leeds");
    expect(beside(1)).toContain("NorthfieldLtd");
  });

  // Catches letters that are lost, doubled or torn from their place, in any arrangement.
  it("keeps every letter that is drawn, and each word at its place", () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = seeded(seed);
      const glyphs: Glyph[] = [];
      let drawn = "";
      let base = 40;
      while (base < 760) {
        const size = [8, 10, 10, 10, 18][Math.floor(random() * 5)] ?? 10;
        base += size * (1.1 + random() * 2);
        for (let x = 20 + random() * 60; x < 500;) {
          const text = Array.from({ length: 1 + Math.floor(random() * 4) }, () => "abcxyz".slice(0, 1 + Math.floor(random() * 6))).join(
            " ",
          );
          glyphs.push(...draw(text, x, base, { size, bold: random() < 0.2 }));
          drawn += text;
          x += (text.length * size) / 2 + size * (1.5 + random() * 12);
        }
      }
      const order = [...glyphs].sort(() => random() - 0.5);
      const { text, words } = lay(order);
      expect(letters(text)).toBe(letters(drawn));
      let end = 0;
      for (const [index, start] of words.starts.entries()) {
        expect(start).toBeGreaterThanOrEqual(end);
        end = words.ends[index] ?? 0;
        const [x0 = 0, , x1 = 0] = words.boxes.subarray(index * 4, index * 4 + 4);
        // As wide as its letters: five points each at ten points high.
        expect(x1 - x0).toBeGreaterThan((end - start) * 3.9);
        expect(text.slice(start, end)).not.toMatch(/\s/);
      }
    }
  });

  it("does not depend on the order in which a page draws its letters", () => {
    const glyphs = [
      ...draw("The first line of a page", 40, 100),
      ...draw("and the second one", 40, 113),
      ...draw("Another paragraph.", 40, 160),
    ];
    const expected = lay(glyphs).blocks;
    expect(expected).toEqual(["paragraph: The first line of a page and the second one", "paragraph: Another paragraph."]);
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seeded(seed);
      expect(lay([...glyphs].sort(() => random() - 0.5)).blocks).toEqual(expected);
    }
  });

  it("reads columns one after the other", () => {
    const line = (index: number, side: string) => `${side} column with running text ${String.fromCharCode(97 + index)}`;
    const rows = Array.from({ length: 8 }, (_, index) => index);
    const { text } = lay(
      rows.flatMap((row) => [...draw(line(row, "left"), 40, 100 + row * 13), ...draw(line(row, "right"), 320, 100 + row * 13)]),
    );
    expect(text.lastIndexOf("left")).toBeLessThan(text.indexOf("right"));
  });

  it("finds a table by its columns, with empty cells where they are", () => {
    const rows = [
      ["Item", "Price", "Count"],
      ["Apple", "1.20", "4"],
      ["Pear", "", "7"],
      ["Plum", "0.90", "2"],
    ];
    const { tables } = lay(rows.flatMap((row, at) => row.flatMap((cell, column) => draw(cell, 40 + column * 120, 100 + at * 14))));
    expect(tables.map((table) => table.rows)).toEqual([rows]);
  });

  it("leaves out what is hidden, without size or without text, and counts a doubled letter once", () => {
    const { text } = lay([
      ...draw("seen", 40, 100),
      ...draw("seen", 40.4, 100),
      ...draw("SECRET", 40, 130, { hidden: true }),
      ...draw("tiny", 40, 150, { size: 0.5 }),
    ]);
    expect(text).toBe("seen");
    expect(lay([]).text).toBe("");
  });
});

describe("matrices", () => {
  const close = (a: readonly number[], b: readonly number[]) =>
    a.forEach((value, index) => expect(value).toBeCloseTo(b[index] ?? Number.NaN, 6));

  it("apply the inner one first, and nothing changes by the one that changes nothing", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seeded(seed);
      const some = (): Matrix => [random(), random() - 0.5, random() - 0.5, random(), random() * 90, random() * 90];
      const [outer, inner, x, y] = [some(), some(), random() * 100, random() * 100];
      close(apply(multiply(outer, inner), x, y), apply(outer, ...apply(inner, x, y)));
      close(multiply(outer, identity), outer);
      close(multiply(identity, outer), outer);
      const [x0, y0, x1, y1] = boundingBox(outer, 0, 0, x, y);
      const [px, py] = apply(outer, x / 3, y / 2);
      expect(px >= x0 - 1e-9 && px <= x1 + 1e-9 && py >= y0 - 1e-9 && py <= y1 + 1e-9).toBe(true);
    }
  });

  it.each([null, undefined, 1, {}, [], [1, 2, 3], [1, 0, 0, 1, 0, Number.NaN], [1, 0, 0, 1, 0, Infinity], ["x", 0, 0, 1, 0, 0]])(
    "of %j are none",
    (value) => expect(toMatrix(value)).toBeUndefined(),
  );
});

describe("a page that has to be recognised", () => {
  const page = (glyphs: Glyph[], more = {}) => ({ width: 600, height: 800, glyphs, images: [], paths: [], ...more });
  const whole = { images: [[0, 0, 600, 800] as [number, number, number, number]] };
  const prose = Array.from({ length: 20 }, (_, row) => draw("running words of an ordinary page", 40, 60 + row * 14)).flat();
  const outlines = Array.from({ length: 30 }, (_, at) => [at, at, at + 5, at + 5] as [number, number, number, number]);

  it.each<[string, boolean, Parameters<typeof needsOcr>[0]]>([
    ["a page of prose", false, page(prose)],
    ["prose over a picture of paper", false, page(prose, whole)],
    ["an empty page", false, page([])],
    ["a scan", true, page([], whole)],
    ["a scan with a stamp", true, page(draw("COPY 17", 40, 60), whole)],
    ["a scan with hidden text", true, page(draw("hidden words", 40, 60, { hidden: true }), whole)],
    ["letters without a meaning", true, page(prose.map((glyph) => ({ ...glyph, unreadable: true })))],
    [
      "letters that were shifted",
      true,
      page(prose.map((glyph) => (glyph.space ? glyph : { ...glyph, text: "bcdfg"[glyph.text.charCodeAt(0) % 5] ?? "b" }))),
    ],
    ["a table of numbers", false, page(prose.map((glyph) => (glyph.space ? glyph : { ...glyph, text: "7" })))],
    ["text drawn as outlines", true, page([], { paths: outlines })],
    ["a small logo and words", false, page(prose, { images: [[0, 0, 60, 60]] })],
    ["a page without a size", false, page(prose, { width: 0, height: 0, ...whole })],
  ])("%s: %s", (_, expected, content) => {
    expect(needsOcr(content)).toBe(expected);
  });
});
