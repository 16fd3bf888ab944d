import { describe, expect, it } from "vitest";
import { areaUnderCurve, f1, holds, normalAnswer } from "../../../scripts/eval/lib/answer-scores.ts";
import { ownWords } from "../../../scripts/eval/lib/ask.ts";
import { makeClaims } from "../../../scripts/eval/lib/claims.ts";
import { everyNth } from "../../../scripts/eval/lib/questions.ts";
import { barChart } from "../../../scripts/eval/plot.ts";
import { filesOf, table } from "../../../scripts/eval/report.ts";

describe("scores of answers", () => {
  // Catches a figure that cannot be compared with others: articles, case and punctuation do not count in SQuAD.
  it("are normalised as SQuAD does", () => {
    expect(normalAnswer("The  Saint-Denis, a town.")).toBe("saintdenis town");
    expect(f1("the keeper Agnes Muir", ["Agnes Muir"])).toBeCloseTo(0.8);
    expect(f1("Agnes Muir.", ["nobody", "agnes muir"])).toBe(1);
    expect(f1("1894", ["1874"])).toBe(0);
    expect(f1("a a b", ["a b b"])).toBeCloseTo(2 / 3);
  });

  // Catches “18” found in “1874”.
  it("find a gold text as whole words only", () => {
    expect(holds("It was in 1874, they say.", ["1874"])).toBe(true);
    expect(holds("It was in 1874.", ["187", "18"])).toBe(false);
  });

  it("tell how often the answerable scores above the other", () => {
    expect(areaUnderCurve([2, 3], [0, 1])).toBe(1);
    expect(areaUnderCurve([0, 1], [0, 1])).toBe(0.5);
  });
});

describe("the model's own words", () => {
  const quoting = (...quotes: string[]) => ({ citations: quotes.map((quote) => ({ quote })) });

  // Catches a model praised for the gold text in a sentence that Croft put behind its guess, and one that itself quoted it.
  it("are what was streamed without the sentence that was added", () => {
    expect(ownWords("Oil.\n\nIts lamp burned oil.", quoting("Another.", "Its lamp burned oil."))).toBe("Oil.");
    expect(ownWords("Its lamp burned oil.", quoting("Its lamp burned oil."))).toBe("Its lamp burned oil.");
    expect(ownWords("One.\n\nTwo.", quoting())).toBe("One.\n\nTwo.");
  });
});

describe("questions at a stride", () => {
  // Catches two offsets that ask the same questions: what was tuned on one would be reported on the other.
  it("differ by their offset", () => {
    const all = [...Array(100).keys()];
    expect(everyNth(all, 10, 0)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(everyNth(all, 10, 3).some((item) => everyNth(all, 10, 0).includes(item))).toBe(false);
    expect(everyNth(all, 1000, 0)).toHaveLength(100);
  });

  // Catches a stride rounded down, which leaves out the end of the set: 300 of 1,190 came from the first 900.
  it.each([
    [1190, 300],
    [100, 51],
    [27, 12],
    [7, 7],
    [9, 1],
  ])("reach over all of %i items when %i are chosen, and no two offsets meet", (size, count) => {
    const all = [...Array(size).keys()];
    const offsets = [...Array(Math.max(1, Math.floor(size / count))).keys()].map((offset) => everyNth(all, count, offset));
    for (const chosen of offsets) {
      expect(chosen).toHaveLength(count);
      expect(chosen.at(-1)).toBeGreaterThanOrEqual(size - Math.ceil(size / count));
    }
    expect(new Set(offsets.flat()).size).toBe(count * offsets.length);
    expect(everyNth(all, count, offsets.length)).toEqual(offsets[0]);
  });
});

describe("sentences made for the check", () => {
  const documents = Array.from({ length: 40 }, (_, index) => ({
    id: `d${index}`,
    title: `T${index}`,
    text: `They saw that the tower of Holm was built in ${1800 + index} by Agnes (a keeper), who lived there. It is not true that it was at ${index} degrees below the Kell.`,
  }));

  // Catches a changed sentence that is not changed, or a faithful one that is made of other words.
  it("are the same for a seed, of both sorts, and differ from their source where they must", () => {
    const claims = makeClaims(documents, 1);
    expect(makeClaims(documents, 1)).toEqual(claims);
    expect(makeClaims(documents, 2)).not.toEqual(claims);
    expect(new Set(claims.map(({ isFaithful }) => isFaithful)).size).toBe(2);
    for (const { kind, isFaithful, text, passage } of claims) {
      if (kind === "verbatim") expect(passage.text).toContain(text);
      if (!isFaithful) expect(passage.text.includes(text), kind).toBe(false);
    }
    expect(claims.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["a sign changed", "said of nobody", "a denial removed"]));
  });
});

describe("a report", () => {
  const chart = {
    title: 'A <b> & "c"',
    bars: [
      { name: "x<y", value: 0.5, target: { atLeast: 0.8 } },
      { name: "z", value: Number.NaN },
    ],
  };

  // Catches a picture that hides a miss, and text that becomes markup.
  it("draws what missed its target as missed, and escapes its words", () => {
    const svg = barChart(chart);
    expect(svg).toContain("0.500 (≥ 0.8) missed");
    expect(svg).toContain("x&lt;y");
    expect(svg).not.toContain("<b>");
    expect(svg).not.toMatch(/(?:x|width)="NaN"/u);
    expect(barChart({ title: "t", bars: [{ name: "n", value: 0.9, target: { atLeast: 0.8 } }] })).not.toContain("missed");
  });

  // Catches a page made anew without what people wrote about a miss.
  it("is a page, its figures and its picture, and what was written about it", () => {
    const files = filesOf("answers", { markdown: "# A", data: { a: 1 }, chart });
    expect(Object.keys(files)).toEqual(["answers.md", "answers.json", "answers.svg"]);
    expect(files["answers.md"]).toContain("(answers.svg)");
    const told = filesOf("answers", { markdown: "# A\n", data: {}, chart }, "Tried twice.\n")["answers.md"];
    expect(told).toBe(`${files["answers.md"]}\nTried twice.\n`);
    expect(table(["a", "b"], [["x|y", 1]])).toBe("| a | b |\n|---|---:|\n| x\\|y | 1 |");
  });
});
