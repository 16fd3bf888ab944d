import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { bytes } from "../../../src/main/engines/search/index-store.ts";
import { loadCosine } from "../../../src/main/engines/search/load-cosine.ts";

const opened: Database.Database[] = [];
afterEach(() => {
  for (const db of opened.splice(0)) db.close();
});

/** A connection with the function, and the cosine that it works out of two vectors. */
function connect(findLibrary?: () => string | undefined) {
  const db = new Database(":memory:");
  opened.push(db);
  loadCosine(db, findLibrary);
  const cosine = db.prepare<[Buffer, Buffer], number | null>("SELECT 1 - vec_distance_cosine(?, ?)").pluck();
  return (a: readonly number[], b: readonly number[]) => cosine.get(bytes(unit(a)), bytes(unit(b)));
}

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
}

describe.each([
  ["sqlite-vec", undefined],
  ["JavaScript, where sqlite-vec has no build", () => undefined],
] as const)("the cosine of %s", (_name, findLibrary) => {
  it("is that of the textbook, so that neighbours come in their true order", () => {
    const cosine = connect(findLibrary);
    expect(cosine([1, 2, 3], [1, 2, 3])).toBeCloseTo(1, 6);
    expect(cosine([1, 2, 3], [-1, -2, -3])).toBeCloseTo(-1, 6);
    expect(cosine([1, 0, 0], [0, 1, 0])).toBeCloseTo(0, 6);
    expect(cosine([3, 4, 0, 0, 1], [4, 3, 0, 1, 0])).toBeCloseTo(24 / 26, 6);
  });

  it("is nothing that orders before a neighbour where a vector is all zeros", () => {
    expect(connect(findLibrary)([0, 0, 0], [1, 0, 0]) ?? 0).toBeCloseTo(0, 6);
  });
});

it("comes from the library on this platform, not from its stand-in", () => {
  const db = new Database(":memory:");
  opened.push(db);
  loadCosine(db);
  expect(db.prepare("SELECT vec_version()").pluck().get()).toMatch(/^v0\.1/);
});
