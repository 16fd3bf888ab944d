import { describe, expect, test } from "vitest";
import type { BatchResult, FieldValue } from "../../../src/shared/contract/batch.ts";
import { boxBetween, nudgeBox } from "../../../src/renderer/features/batch/review/boxes.ts";
import { proposedPath, withExtension } from "../../../src/renderer/features/batch/export/export-path.ts";
import { timeRange } from "../../../src/renderer/features/batch/time-range.ts";
import { mergeQueue, neighbour } from "../../../src/renderer/features/batch/review/use-queue.ts";
import { chunksOf } from "../../../src/renderer/features/batch/run/use-results.ts";
import { eachValue, flaggedPaths, pathTitle, provenanceOf } from "../../../src/renderer/features/batch/values.ts";
import { messages } from "../../../src/renderer/features/batch/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const say = wordsIn(messages, "en");

const value = (of: Partial<FieldValue> = {}): FieldValue => ({ value: 1, sure: 0.9, origin: "rule", flags: [], ...of });
const result = (id: string): BatchResult => ({
  id,
  item: id,
  document: { path: `/in/${id}.pdf`, hash: id, pages: 1 },
  state: "review",
  recipe: { name: "invoice", version: 1 },
  fields: {},
  flags: [],
  sampled: false,
  timings: {},
});

describe("values of a record", () => {
  // Catches: a cell of a table that is skipped, or addressed by a path that core refuses.
  test("every value has the path that decisions name", () => {
    const fields = { total: value(), skills: [value()], lines: [{ amount: value({ flags: [{ rule: "sum", message: "no" }] }) }] };
    expect(eachValue(fields).map(({ path }) => path)).toEqual(["total", "skills.0", "lines.0.amount"]);
    expect(flaggedPaths({ fields })).toEqual(["lines.0.amount"]);
    expect(pathTitle("lines.0.unit_price")).toBe("lines 1 · unit price");
  });

  // Catches: a colour that claims more than is known.
  test("what nobody checked is never shown as confirmed", () => {
    expect(provenanceOf(value())).toBe("source");
    expect(provenanceOf(value({ origin: "model" }))).toBe("model");
    expect(provenanceOf(value({ value: null, origin: "model" }))).toBe("none");
    expect(provenanceOf(value({ value: null, origin: "person" }))).toBe("human");
  });
});

describe("the queue of the review", () => {
  // Catches: a list that moves under the hand, and a document that comes back as open.
  test("decided documents keep their place, new ones come last", () => {
    const before = mergeQueue([], [result("a"), result("b")]);
    const after = mergeQueue(before, [result("c"), result("b")]);
    expect(after.map(({ result: { id }, open }) => [id, open])).toEqual([
      ["a", false],
      ["b", true],
      ["c", true],
    ]);
    expect(neighbour(after, "b", 1)).toBe("c");
    expect(neighbour(after, "c", 1)).toBe("b");
    expect(neighbour(after, "b", -1)).toBe("a");
    expect(neighbour(mergeQueue(after, [result("c")]), "c", 1)).toBeUndefined();
  });
});

describe("what is drawn", () => {
  const page = { width: 100, height: 200 };

  // Catches: a box that leaves the page or turns inside out.
  test("a box stays on its page and keeps a size", () => {
    expect(nudgeBox([1, 10, 20, 20], "ArrowLeft", false, page)).toEqual([0, 10, 19, 20]);
    expect(nudgeBox([10, 10, 99, 20], "ArrowRight", true, page)).toEqual([10, 10, 100, 20]);
    expect(nudgeBox([10, 10, 15, 15], "ArrowUp", true, page)).toEqual([10, 10, 15, 14]);
    expect(boxBetween([9, 8], [1, 2])).toEqual([1, 2, 9, 8]);
  });

  test("rows in sight are asked for in whole chunks", () => {
    expect(chunksOf({ first: 0, last: 0 })).toEqual([0]);
    expect(chunksOf({ first: 190, last: 215 })).toEqual([0, 1]);
    expect(chunksOf({ first: 9_990, last: 9_999 })).toEqual([49]);
  });

  test("a range of time is rounded outwards, in one unit", () => {
    expect(timeRange(200, 900, say)).toBe("0 to 1 s");
    expect(timeRange(61_000, 170_000, say)).toBe("1 to 3 min");
  });
});

describe("where an export goes", () => {
  // Catches: an export that the next run of the same folder would read as a document.
  test("beside the folder that was read, never in it", () => {
    expect(proposedPath({ paths: ["/home/a/in"], name: "in: invoice" }, "xlsx")).toBe("/home/a/in-invoice.xlsx");
    expect(withExtension("/home/a/in-invoice.xlsx", "parquet")).toBe("/home/a/in-invoice.parquet");
    expect(withExtension("/home/a/v1.2", "csv")).toBe("/home/a/v1.2.csv");
  });
});
