import { describe, expect, test } from "vitest";
import type { DocumentPage } from "../../../src/shared/contract/reading.ts";
import {
  fittingScale,
  frameAt,
  framesBetween,
  framesOf,
  pagesInTurn,
  paperGap,
} from "../../../src/renderer/features/reader/page-frames.ts";
import { imageWidth } from "../../../src/renderer/features/reader/page-image.ts";
import { scrollGoal, type Shown } from "../../../src/renderer/features/reader/page-scroll.ts";
import { placeWords } from "../../../src/renderer/features/reader/place-words.ts";

const pageOf = (page: number, size: Partial<DocumentPage> = { width: 600, height: 800 }): DocumentPage => ({
  page,
  start: 0,
  end: 0,
  source: "text",
  ...size,
});
const pages = Array.from({ length: 300 }, (_, index) => pageOf(index + 1));

describe("the frames of pages", () => {
  test("lie below each other without touching, and fill the column to its end", () => {
    const { list, height } = framesOf(pages, 0.5);
    for (const [index, frame] of list.entries()) {
      expect(frame).toMatchObject({ page: index + 1, width: 300, height: 400 });
      expect(frame.top).toBe((list[index - 1]?.top ?? -400) + 400 + paperGap);
    }
    expect(height).toBe((list.at(-1)?.top ?? 0) + 400 + paperGap);
  });

  test("fit the widest page, so that none needs scrolling sideways", () => {
    const mixed = [pageOf(1), pageOf(2, { width: 1200, height: 800 }), pageOf(3, {})];
    const scale = fittingScale(mixed, 500);
    expect(framesOf(mixed, scale).width).toBeLessThanOrEqual(500);
    expect(Math.max(...framesOf(mixed, scale).list.map(({ width }) => width))).toBe(500 - 2 * paperGap);
  });

  test("give a page of unknown size the room of a usual one, and no page at all no room", () => {
    expect(framesOf([pageOf(1, {})], 1).list[0]).toMatchObject({ width: 595, height: 842 });
    expect(framesOf([], 1)).toMatchObject({ list: [], width: 2 * paperGap });
    expect(fittingScale([], 0)).toBeGreaterThan(0);
  });

  test("are found by height: each by its first and its last pixel", () => {
    const frames = framesOf(pages, 0.5);
    for (const [index, { top, height }] of frames.list.entries()) {
      expect(frameAt(frames, top)).toBe(index);
      expect(frameAt(frames, top + height - 1)).toBe(index);
    }
    expect(frameAt(frames, -100)).toBe(0);
    expect(frameAt(frames, 1e9)).toBe(299);
  });

  test("in sight are few, with a neighbour on either side, at every place", () => {
    const frames = framesOf(pages, 0.5);
    for (let top = 0; top < frames.height; top += 97) {
      const shown = framesBetween(frames, top, top + 900);
      expect(shown.length).toBeLessThanOrEqual(6);
      const visible = frames.list.filter((frame) => frame.top < top + 900 && frame.top + frame.height > top);
      for (const frame of visible) expect(shown).toContain(frame);
    }
  });
});

describe("pages are asked for in turn", () => {
  // Pages of 800 pixels; a window of 900 a little above page 12 shows it and its next.
  const frames = framesOf(pages, 1);
  const sight = { top: (frames.list[11]?.top ?? 0) - 100, height: 1000 };
  const turn = (...settled: number[]) => [...pagesInTurn(frames, sight, new Set(settled))].toSorted((a, b) => a - b);

  test("the one that is looked at alone, then what else is in sight, then the neighbours", () => {
    expect(turn()).toEqual([12]);
    expect(turn(12)).toEqual([11, 12, 13]);
    expect(turn(12, 11)).toEqual([11, 12, 13]);
    expect(turn(12, 11, 13)).toEqual([10, 11, 12, 13, 14]);
  });

  test("a neighbour that was drawn before does not stand in for the one that is looked at", () => {
    expect(turn(10, 11, 13)).toEqual([12]);
  });

  test("none of a document without pages", () => {
    expect(pagesInTurn(framesOf([], 1), sight, new Set())).toEqual(new Set());
  });
});

describe("where the pages scroll to", () => {
  const evidence = { label: "1" };
  const shown = (scale: number, more: Partial<Shown> = {}): Shown => ({
    frames: framesOf(pages, scale),
    scale,
    evidence,
    page: 212,
    box: [100, 300, 200, 312],
    wanted: undefined,
    ...more,
  });
  const sight = { top: 0, width: 624, height: 900 };

  test("to the evidence when it is opened, its mark a third from the top and in the middle", () => {
    const now = shown(1);
    const goal = scrollGoal(undefined, now, sight);
    const top = now.frames.list[211]?.top ?? 0;
    expect(goal?.top).toBe(top + 300 - 300);
    expect(goal?.left).toBe(paperGap + 150 - 312);
  });

  test("to the page while nobody knows the place, and to the mark once it is known", () => {
    const unknown = shown(1, { box: undefined });
    const page = unknown.frames.list[211]?.top ?? 0;
    expect(scrollGoal(undefined, unknown, sight)?.top).toBe(page - 8);
    expect(scrollGoal(unknown, shown(1), sight)?.top).toBe(page);
  });

  test("back to the same place when the same evidence is asked for again", () => {
    expect(scrollGoal(shown(1), shown(1, { evidence: { label: "1" } }), sight)).toEqual(scrollGoal(undefined, shown(1), sight));
  });

  test("to a page that was asked for, once", () => {
    const before = shown(1);
    const wanted = { page: 7 };
    expect(scrollGoal(before, { ...before, wanted }, sight)?.top).toBe((before.frames.list[6]?.top ?? 0) - 8);
    expect(scrollGoal({ ...before, wanted }, { ...before, wanted }, sight)).toBeUndefined();
  });

  test("so that what was in the middle stays there when the paper grows, and nowhere when nothing changed", () => {
    const before = shown(1);
    const top = 50_000;
    const middle = top + 450;
    const index = frameAt(before.frames, middle);
    const share = (middle - (before.frames.list[index]?.top ?? 0)) / 800;
    for (const scale of [0.3, 0.5, 1.7, 4]) {
      const now = shown(scale);
      const goal = scrollGoal(before, now, { ...sight, top });
      const frame = now.frames.list[index];
      expect((goal?.top ?? 0) + 450).toBeCloseTo((frame?.top ?? 0) + share * (frame?.height ?? 0), 3);
    }
    expect(scrollGoal(before, before, sight)).toBeUndefined();
  });

  test("nowhere for a page that the document does not have", () => {
    expect(scrollGoal(undefined, shown(1, { page: 999 }), sight)).toBeUndefined();
    expect(scrollGoal(shown(1), shown(1, { wanted: { page: 0 } }), sight)).toBeUndefined();
  });
});

describe("the picture of a page", () => {
  test("has more pixels than are shown, on any screen, and never more than there are to be had", () => {
    for (const shown of [100, 446, 520, 900])
      for (const ratio of [1, 1.5, 2]) expect(imageWidth(shown, ratio)).toBeGreaterThanOrEqual(Math.min(2560, shown * ratio));
    expect(imageWidth(10_000, 3)).toBe(2560);
  });

  test("is the same for a window that is a little wider, so that it is drawn once", () => {
    expect(imageWidth(500, 1)).toBe(imageWidth(511, 1));
  });
});

describe("the words of a page", () => {
  const words = {
    page: 2,
    start: 1000,
    text: "The lamp\nwas lit.",
    starts: [0, 4, 9, 13],
    ends: [3, 8, 12, 17],
    boxes: Array.from({ length: 16 }, (_, n) => n),
  };

  test("carry the space behind them, so that together they are the text again", () => {
    expect(
      placeWords(words, {})
        .map(({ text }) => text)
        .join(""),
    ).toBe(words.text);
  });

  test("stand in their boxes", () => {
    expect(placeWords(words, {}).map(({ box }) => box)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
      [12, 13, 14, 15],
    ]);
  });

  test.each([
    ["one word", 1004, 1008, ["lamp"]],
    ["half of two", 1006, 1010, ["lamp", "was"]],
    ["the whole page and more", 0, 5000, ["The", "lamp", "was", "lit."]],
    ["the space between two", 1003, 1004, []],
    ["another page", 10, 20, []],
    ["nothing", 1004, 1004, []],
  ])("are marked where the mark touches them: %s", (_, start, end, marked) => {
    expect(
      placeWords(words, { start, end })
        .filter((word) => word.marked)
        .map(({ text }) => text.trim()),
    ).toEqual(marked);
  });

  test("are not marked where nothing is", () => {
    expect(placeWords(words, {}).some(({ marked }) => marked)).toBe(false);
  });
});
