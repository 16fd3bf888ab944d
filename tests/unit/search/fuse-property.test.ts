import { describe, expect, it } from "vitest";
import { fuse, keywordWeight, type VectorAnswer } from "../../../src/main/engines/search/fuse.ts";
import { byScore, createTop, type Scored } from "../../../src/main/engines/search/top.ts";
import { seeded } from "../../helpers/random-text.ts";

/** A leg's answer: keys once each, best first. */
function leg(random: () => number, most: number, from: number, to: number): Scored[] {
  const keys = new Set(Array.from({ length: Math.floor(random() * (most + 1)) }, () => 1 + Math.floor(random() * 60)));
  return [...keys].map((key) => ({ key, score: from + random() * (to - from) })).toSorted(byScore);
}

function question(seed: number) {
  const random = seeded(seed);
  const keyword = { found: leg(random, 20, 0.1, 30), isNamed: random() < 0.3 };
  const answers: VectorAnswer[] = Array.from({ length: Math.floor(random() * 3) }, () => ({
    found: leg(random, 20, -0.2, 0.95),
    mean: random() * 0.6 - 0.1,
  }));
  return { keyword, answers, limit: 1 + Math.floor(random() * 40) };
}

const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

describe("fusion of any two legs", () => {
  // Catches: a chunk that is given twice, one that no leg found, or more than were asked for.
  it("gives each key of the union once, at most as many as asked for, best first", () => {
    for (const seed of seeds) {
      const { keyword, answers, limit } = question(seed);
      const { hits, union } = fuse(keyword, answers, limit);
      const all = new Set([...keyword.found, ...answers.flatMap(({ found }) => found)].map(({ key }) => key));
      expect(union).toBe(all.size);
      expect(hits).toHaveLength(Math.min(limit, all.size));
      expect(new Set(hits.map(({ key }) => key)).size).toBe(hits.length);
      for (const { key } of hits) expect(all.has(key)).toBe(true);
      expect(hits.map(({ key, score }) => ({ key, score }))).toEqual(hits.map(({ key, score }) => ({ key, score })).toSorted(byScore));
    }
  });

  // Catches: a score out of 0 to 1, which is what the contract promises and what evidence is measured by.
  it("scores from 0 to 1, and shares the weight between the legs", () => {
    for (const seed of seeds) {
      const { keyword, answers, limit } = question(seed);
      const { hits, weight } = fuse(keyword, answers, limit);
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThanOrEqual(1);
      for (const { score } of hits) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });

  // Catches: an explanation that tells another rank or score than the leg gave.
  it("tells of every hit the rank and score that its legs gave it", () => {
    for (const seed of seeds) {
      const { keyword, answers, limit } = question(seed);
      for (const { key, keyword: byWords, vector } of fuse(keyword, answers, limit).hits) {
        const at = keyword.found.findIndex((one) => one.key === key);
        expect(byWords).toEqual(at < 0 ? null : { rank: at + 1, score: keyword.found[at]?.score });
        const cosines = answers.flatMap(({ found }) => found.filter((one) => one.key === key).map(({ score }) => score));
        expect(vector?.score).toBe(cosines.length === 0 ? undefined : Math.max(...cosines));
        expect(vector === null).toBe(cosines.length === 0);
      }
    }
  });

  // Catches: an order that depends on which embedder was asked first: the same question would have two answers.
  it("does not depend on the order of the embedders", () => {
    for (const seed of seeds) {
      const { keyword, answers, limit } = question(seed);
      expect(fuse(keyword, answers.toReversed(), limit)).toEqual(fuse(keyword, answers, limit));
    }
  });

  // Catches: a scale of one leg that decides over the other: BM25 has none of its own.
  it("does not change when one leg's scores are stretched and moved", () => {
    for (const seed of seeds.slice(0, 200)) {
      const { keyword, answers, limit } = question(seed);
      const stretched = { ...keyword, found: keyword.found.map(({ key, score }) => ({ key, score: score * 8 + 512 })) };
      expect(fuse(stretched, answers, limit).hits.map(({ key }) => key)).toEqual(fuse(keyword, answers, limit).hits.map(({ key }) => key));
    }
  });

  // Catches: a shorter list that is not the beginning of the longer one, so that a page of results jumps.
  it("with a smaller limit is the beginning of the larger one", () => {
    for (const seed of seeds.slice(0, 200)) {
      const { keyword, answers } = question(seed);
      const many = fuse(keyword, answers, 100).hits;
      for (const limit of [1, 3, 10]) expect(fuse(keyword, answers, limit).hits).toEqual(many.slice(0, limit));
    }
  });

  it("of a single leg keeps that leg's own order", () => {
    for (const seed of seeds.slice(0, 200)) {
      const { keyword, answers } = question(seed);
      expect(fuse(keyword, [], 100).hits.map(({ key }) => key)).toEqual(keyword.found.map(({ key }) => key));
      const [one] = answers;
      if (!one) continue;
      expect(fuse({ found: [], isNamed: false }, [one], 100).hits.map(({ key }) => key)).toEqual(one.found.map(({ key }) => key));
    }
  });

  // Catches: a chunk that both legs put first and that comes second.
  it("puts first what both legs put first", () => {
    for (const seed of seeds) {
      const { keyword, answers } = question(seed);
      const best = { key: 1000, score: 1000 };
      const above = answers.map(({ found, mean }) => ({ found: [best, ...found], mean }));
      expect(fuse({ ...keyword, found: [best, ...keyword.found] }, above, 5).hits[0]?.key).toBe(1000);
    }
  });
});

describe("the weight of the words", () => {
  // Catches: a code that vectors outvote: to an embedder ERR-4012 and ERR-4013 are the same.
  it("is never below eight tenths where the query names a code, and never above one", () => {
    for (const seed of seeds) {
      const { keyword, answers } = question(seed);
      if (keyword.found.length === 0) continue;
      expect(fuse({ ...keyword, isNamed: true }, answers, 5).weight).toBeGreaterThanOrEqual(0.8);
      expect(fuse({ ...keyword, isNamed: true }, answers, 5).weight).toBeLessThanOrEqual(1);
    }
  });

  it("falls as the best vector stands out more, wherever the mean is", () => {
    for (const mean of [-0.5, 0, 0.3, 0.8]) {
      const weights = Array.from({ length: 50 }, (_, step) =>
        keywordWeight({ found: [{ key: 1, score: mean + ((1 - mean) * step) / 50 }], mean }),
      );
      expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    }
  });

  // Catches: a division by nothing where every vector is the same, which would make every score no number.
  it.each([
    [1, 1],
    [0.999_999_999, 1],
    [0, 1],
    [-1, -1],
    [1, 0.999_999_999_999],
  ])("is a number for a best of %d and a mean of %d", (score, mean) => {
    const weight = keywordWeight({ found: [{ key: 1, score }], mean });
    expect(weight).toBeGreaterThanOrEqual(0.4);
    expect(weight).toBeLessThanOrEqual(0.85);
  });
});

describe("the best of many", () => {
  // Catches: an offer equal to the worst kept that is dropped although its key comes first.
  it("are those of a full sort, whatever is offered in which order", () => {
    for (const seed of seeds.slice(0, 150)) {
      const random = seeded(seed);
      const offers = Array.from({ length: Math.floor(random() * 400) }, (_, index) => ({
        key: index,
        score: Math.floor(random() * 12) - 6,
      }));
      const shuffled = offers.map((offer) => ({ offer, at: random() })).toSorted((a, b) => a.at - b.at);
      const limit = Math.floor(random() * 20);
      const top = createTop(limit);
      for (const { offer } of shuffled) top.offer(offer.key, offer.score);
      expect(top.take()).toEqual(offers.toSorted(byScore).slice(0, limit));
    }
  });

  it("can be taken, offered to again, and taken once more", () => {
    const top = createTop(2);
    top.offer(1, 5);
    expect(top.take()).toEqual([{ key: 1, score: 5 }]);
    top.offer(2, 9);
    top.offer(3, Number.NEGATIVE_INFINITY);
    expect(top.take().map(({ key }) => key)).toEqual([2, 1]);
  });
});
