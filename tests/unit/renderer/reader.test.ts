import { beforeEach, describe, expect, test } from "vitest";
import { citationEvidence, passageEvidence } from "../../../src/renderer/features/reader/evidence.ts";
import { firstCited } from "../../../src/renderer/features/reader/use-warm-citations.ts";
import { cutAtMark, widen, windowAround, windowUnits } from "../../../src/renderer/features/reader/text-window.ts";
import { useReader } from "../../../src/renderer/view/reader-store.ts";
import { citationOf, passageOf } from "../../helpers/markup.tsx";

describe("evidence", () => {
  test("of a passage marks the whole chunk and is called by its rank", () => {
    const passage = passageOf(3);
    expect(passageEvidence(passage)).toMatchObject({
      document: passage.document,
      textHash: passage.chunk.textHash,
      start: 300,
      end: 350,
      label: "3",
    });
  });

  test("of a citation marks exactly the quote, not the chunk around it", () => {
    expect(citationEvidence(citationOf(2))).toMatchObject({ start: 110, end: 117, label: "2" });
  });

  test("takes the page of the quote; that of the chunk only where the quote has none", () => {
    const citation = citationOf(1);
    const chunk = { ...citation.chunk, page: 3 };
    expect(citationEvidence({ ...citation, chunk, page: 4 }).page).toBe(4);
    expect(citationEvidence({ ...citation, chunk }).page).toBe(3);
    expect(citationEvidence(citation).page).toBeUndefined();
  });
});

describe("what of an answer is made ready", () => {
  const cited = (n: number, document: string, more = {}) => {
    const citation = citationOf(n);
    return { ...citation, document: { ...citation.document, id: document }, ...more };
  };

  test("is where it first cites each of its first two documents: no more are held open", () => {
    const ready = firstCited([cited(1, "a"), cited(2, "a"), cited(3, "b"), cited(4, "c")]);
    expect(ready.map(({ label }) => label)).toEqual(["1", "3"]);
  });

  test("is nothing of a document that was deleted", () => {
    expect(firstCited([cited(1, "a", { deleted: true }), cited(2, "b")]).map(({ label }) => label)).toEqual(["2"]);
    expect(firstCited([])).toEqual([]);
  });
});

describe("the window of text", () => {
  test("reaches as far before the mark as after it, never before the text", () => {
    expect(windowAround({ start: 50_000, end: 50_100 })).toEqual({ start: 50_000 - windowUnits, end: 50_100 + windowUnits });
    expect(windowAround({ start: 10, end: 20 })).toEqual({ start: 0, end: 20 + windowUnits });
  });

  test("begins with the text where nothing is marked", () => {
    expect(windowAround({})).toEqual({ start: 0, end: windowUnits });
  });

  test("has an end behind its start for a mark that has no end", () => {
    const { start, end } = windowAround({ start: 90_000 });
    expect(end).toBeGreaterThan(90_000);
    expect(start).toBeLessThan(90_000);
  });

  test("grows towards one side and keeps what is on screen", () => {
    const range = { start: 100_000, end: 120_000 };
    expect(widen(range, "before")).toEqual({ start: 100_000 - 4 * windowUnits, end: 120_000 });
    expect(widen(range, "after")).toEqual({ start: 100_000, end: 120_000 + 4 * windowUnits });
    expect(widen({ start: 5, end: 9 }, "before").start).toBe(0);
  });

  test("reaches the beginning of any text after enough steps and stays there", () => {
    let range = windowAround({ start: 1_000_000, end: 1_000_010 });
    for (let step = 0; step < 30; step += 1) range = widen(range, "before");
    expect(range.start).toBe(0);
  });
});

describe("cutting at the mark", () => {
  const slice = { start: 100, text: "0123456789" };

  test("parts before, in and after the mark, in offsets of the whole text", () => {
    expect(cutAtMark(slice, { start: 103, end: 106 })).toEqual({ before: "012", marked: "345", after: "6789" });
  });

  test.each([
    ["before the slice", 0, 50],
    ["behind the slice", 500, 600],
    ["over its beginning", 90, 103],
    ["over its end", 108, 200],
    ["all around it", 0, 1000],
    ["nowhere", 105, 105],
    ["backwards", 108, 102],
  ])("a mark %s loses and doubles no character", (_, start, end) => {
    const { before, marked, after } = cutAtMark(slice, { start, end });
    expect(before + marked + after).toBe(slice.text);
  });

  test("marks nothing where the mark is elsewhere or half unknown", () => {
    for (const mark of [{}, { start: 103 }, { end: 106 }, { start: 0, end: 50 }, { start: 500, end: 600 }, { start: 108, end: 102 }])
      expect(cutAtMark(slice, mark).marked).toBe("");
  });

  test("keeps a character of two units whole when the mark ends behind it", () => {
    expect(cutAtMark({ start: 0, text: "a\u{1F600}b" }, { start: 1, end: 3 })).toEqual({ before: "a", marked: "\u{1F600}", after: "b" });
  });
});

describe("the reader", () => {
  const evidence = [1, 2, 3].map((n) => citationEvidence(citationOf(n)));
  const reader = () => useReader.getState();
  beforeEach(() => reader().close());

  test("opens at the evidence that was chosen", () => {
    reader().open(evidence, 2);
    expect(reader()).toMatchObject({ index: 2, evidence });
  });

  test("steps through its evidence and stops at both ends", () => {
    reader().open(evidence, 1);
    reader().step(1);
    reader().step(1);
    expect(reader().index).toBe(2);
    for (let n = 0; n < 5; n += 1) reader().step(-1);
    expect(reader().index).toBe(0);
  });

  test("opened anew forgets where it was in the evidence before", () => {
    reader().open(evidence, 2);
    reader().open(evidence.slice(0, 1), 0);
    expect(reader().evidence[reader().index]?.label).toBe("1");
  });

  test("closed shows nothing and starts from the beginning", () => {
    reader().open(evidence, 2);
    reader().close();
    expect(reader()).toMatchObject({ evidence: [], index: 0 });
  });

  test("shows nothing when a closed one is stepped, and evidence again when it is opened", () => {
    reader().step(1);
    expect(reader().evidence[reader().index]).toBeUndefined();
    reader().open(evidence, 0);
    expect(reader().evidence[reader().index]?.label).toBe("1");
  });
});
