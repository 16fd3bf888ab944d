import { describe, expect, it } from "vitest";
import { createSearchCache } from "../../../src/main/features/knowledge/search/search-cache.ts";
import type { Event } from "../../../src/shared/contract/system.ts";

function setUp(holders: Record<string, string[]> = {}) {
  let listener: (events: Event[]) => void = () => {};
  let now = 0;
  const cache = createSearchCache<string>({
    onEvents: (heard) => ((listener = heard), () => {}),
    collectionsOf: (document) => holders[document] ?? [],
    now: () => now,
  });
  const keep = (key: string, ...collections: string[]) => cache.begin()(key, new Set(collections), `answer to ${key}`);
  const tell = (...events: [kind: string, subject: string][]) =>
    listener(events.map(([kind, subject], index) => ({ seq: index, at: 0, kind, subject })));
  return { cache, keep, tell, pass: (ms: number) => (now += ms) };
}

describe("answers that are kept", () => {
  // Each is a change after which an old answer would show what is gone, or hide what came.
  it.each<[string, [string, string][], string[]]>([
    ["nothing", [], ["one", "two", "both"]],
    [
      "what has no part in a search",
      [
        ["job.done", "x"],
        ["settings.changed", "y"],
      ],
      ["one", "two", "both"],
    ],
    ["a document of one collection", [["document.published", "d1"]], ["two"]],
    ["a document of one collection, which got its vectors", [["document.embedded", "d1"]], ["two"]],
    ["a document of two collections", [["document.published", "d12"]], []],
    ["a document of no collection", [["document.published", "d0"]], ["one", "two", "both"]],
    ["a document that was removed", [["document.removed", "d1"]], []],
    ["a document that was deleted", [["document.deleted", "d0"]], []],
    ["a collection", [["collection.removed", "c9"]], []],
    [
      "one document among much else",
      [
        ["job.done", "x"],
        ["document.published", "d1"],
      ],
      ["two"],
    ],
  ])("are left by %s", (_, events, left) => {
    const { cache, keep, tell } = setUp({ d1: ["c1"], d12: ["c1", "c2"] });
    keep("one", "c1");
    keep("two", "c2");
    keep("both", "c1", "c2");
    tell(...events);
    expect(["one", "two", "both"].filter((key) => cache.find(key) === `answer to ${key}`)).toEqual(left);
  });

  it("are not those that were read before a change and came after it, even of another collection", () => {
    const { cache, tell, keep } = setUp({ d1: ["c1"] });
    const late = cache.begin();
    tell(["document.published", "d1"]);
    late("late", new Set(["c2"]), "old");
    expect(cache.find("late")).toBeUndefined();
    keep("late", "c2");
    expect(cache.find("late")).toBe("answer to late");
  });

  it("are a minute old at most, also when they are asked for again and again", () => {
    const { cache, keep, pass } = setUp();
    keep("a", "c1");
    for (let round = 0; round < 6; round += 1) {
      pass(10_000);
      expect(cache.find("a")).toBe("answer to a");
    }
    pass(1);
    expect(cache.find("a")).toBeUndefined();
    expect(cache.find("a")).toBeUndefined();
  });

  it("are a hundred at most, of which those asked for last stay", () => {
    const { cache, keep } = setUp();
    for (let index = 0; index < 100; index += 1) keep(`q${index}`, "c1");
    expect(cache.find("q0")).toBeDefined();
    keep("one more", "c1");
    expect(cache.find("q1")).toBeUndefined();
    expect([cache.find("q0"), cache.find("q2"), cache.find("one more")].every((answer) => answer !== undefined)).toBe(true);
  });
});
