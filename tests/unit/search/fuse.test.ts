import { describe, expect, it } from "vitest";
import { fuse, keywordWeight } from "../../../src/main/engines/search/fuse.ts";
import { createTop, type Scored } from "../../../src/main/engines/search/top.ts";

const list = (...keys: number[]) => keys.map((key, index) => ({ key, score: 1 - index * 0.1 }));
/** The keyword leg's answer to a query of words only. */
const words = (found: Scored[]) => ({ found, isNamed: false });

describe("fusion", () => {
  it("puts what both legs find above what one finds", () => {
    const { hits } = fuse(words(list(1, 2, 3)), [{ found: list(2, 4, 5), mean: 0.2 }], 5);
    expect(hits[0]?.key).toBe(2);
    expect(hits[0]).toMatchObject({ keyword: { rank: 2 }, vector: { rank: 1 } });
    expect(hits.find(({ key }) => key === 4)).toMatchObject({ keyword: null, vector: { rank: 2 } });
  });

  it("lets the one leg decide where the other is silent", () => {
    expect(fuse(words([]), [{ found: list(9, 8), mean: 0.5 }], 5).hits.map(({ key }) => key)).toEqual([9, 8]);
    expect(fuse(words(list(9, 8)), [], 5)).toMatchObject({ weight: 1, hits: [{ key: 9 }, { key: 8 }] });
    expect(fuse(words(list(9, 8)), [{ found: [], mean: 0 }], 5).weight).toBe(1);
    expect(fuse(words([]), [], 5)).toMatchObject({ hits: [], union: 0 });
  });

  it("trusts keywords more the less the best vector stands out from the mean", () => {
    const weights = [0.9, 0.7, 0.6, 0.5].map((best) => keywordWeight({ found: [{ key: 1, score: best }], mean: 0.45 }));
    expect(weights).toEqual(weights.toSorted((a, b) => a - b));
    expect(weights[0]).toBeLessThan(0.41);
    expect(weights.at(-1)).toBeGreaterThan(0.8);
    expect(keywordWeight({ found: [{ key: 1, score: 1 }], mean: 1 })).toBeLessThanOrEqual(0.85);
  });

  it("finds what a code names, though vectors find everything worded like it nearer", () => {
    const vectors = [{ found: list(4, 5, 6, 7, 8), mean: 0.2 }];
    const found = [{ key: 1, score: 9 }, ...list(4, 5, 6)];
    expect(fuse({ found, isNamed: true }, vectors, 5).hits[0]?.key).toBe(1);
    expect(fuse({ found, isNamed: false }, vectors, 5).hits[0]?.key).toBe(4);
  });

  it("does not depend on how large the scores of a leg are", () => {
    const small = fuse(words(list(1, 2, 3)), [{ found: list(3, 4), mean: 0.2 }], 5).hits.map(({ key }) => key);
    const large = fuse(
      words(list(1, 2, 3).map(({ key, score }) => ({ key, score: score * 1000 }))),
      [{ found: list(3, 4), mean: 0.2 }],
      5,
    ).hits.map(({ key }) => key);
    expect(large).toEqual(small);
  });

  it("counts a chunk with its best vector where several embedders are in play", () => {
    const { hits } = fuse(
      words([]),
      [
        { found: list(1, 2), mean: 0.2 },
        { found: list(2, 3), mean: 0.2 },
      ],
      5,
    );
    expect(hits.map(({ key }) => key)).toEqual([1, 2, 3]);
    expect(hits[1]?.vector?.score).toBe(1);
  });

  it("gives equal scores in the order of keys", () => {
    const { hits } = fuse(
      words([
        { key: 7, score: 1 },
        { key: 3, score: 1 },
      ]),
      [],
      5,
    );
    expect(hits.map(({ key }) => key)).toEqual([3, 7]);
  });
});

describe("top", () => {
  it("keeps the best of many offers, equal ones by key, as a full sort would", () => {
    let seed = 3;
    const offers = Array.from({ length: 5000 }, (_, key) => ({ key, score: (seed = (seed * 48_271) % 2_147_483_647) % 50 }));
    const top = createTop(37);
    for (const { key, score } of offers) top.offer(key, score);
    expect(top.take()).toEqual(offers.toSorted((a, b) => b.score - a.score || a.key - b.key).slice(0, 37));
  });
});
