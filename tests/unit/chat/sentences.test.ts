import { describe, expect, it } from "vitest";
import { sentencesOf } from "../../../src/main/features/chat/check/sentences.ts";

const cut = (text: string) => sentencesOf(text).map(({ start, end }) => text.slice(start, end));

describe("sentences", () => {
  it("are exact slices without the white space around them", () => {
    expect(cut("  One is here.  Two is there!\nThree?  ")).toEqual(["One is here.", "Two is there!", "Three?"]);
  });

  it("do not end at titles, initials and the like", () => {
    expect(cut("Dr. Adams met J. Watt on Main St. 4. They spoke.")).toEqual(["Dr. Adams met J. Watt on Main St. 4.", "They spoke."]);
    expect(cut("Das kostet z.B. 4,50 Euro. Mehr nicht.")).toEqual(["Das kostet z.B. 4,50 Euro.", "Mehr nicht."]);
  });

  it("end at the items of a list and the rows of a table", () => {
    expect(cut("Steps:\n- first\n- second\n\n| a | b |\n| 1 | 2 |")).toEqual(["Steps:", "- first", "- second", "| a | b |", "| 1 | 2 |"]);
  });

  it("of Chinese end at its own marks", () => {
    expect(cut("今天天气很好。我们去公园。")).toEqual(["今天天气很好。", "我们去公园。"]);
  });

  it("keep to the stretch that was asked for", () => {
    const text = "Before. Inside one. Inside two. After.";
    expect(sentencesOf(text, { start: 8, end: 31 }).map(({ start, end }) => text.slice(start, end))).toEqual([
      "Inside one.",
      "Inside two.",
    ]);
  });

  it("of a text without any end are cut to a size that can be embedded", () => {
    const text = "x".repeat(2000);
    const spans = sentencesOf(text);
    expect(spans.length).toBeGreaterThan(1);
    expect(spans.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
  });

  it("of nothing are none", () => {
    expect(sentencesOf("")).toEqual([]);
    expect(cut(" \n\n ")).toEqual([]);
  });
});
