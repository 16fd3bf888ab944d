export type Scores = { ndcg10: number; mrr10: number; recall100: number };

/** nDCG@10, MRR@10 and R@100 of one ranked list with binary gains, as the notices of the sets define them. */
export function scoreRanking(ranked: readonly string[], relevant: ReadonlySet<string>): Scores {
  const gain = (place: number): number => 1 / Math.log2(place + 2);
  let gained = 0;
  let best = 0;
  for (let place = 0; place < Math.min(10, relevant.size); place++) best += gain(place);
  ranked.slice(0, 10).forEach((id, place) => (gained += relevant.has(id) ? gain(place) : 0));
  const first = ranked.slice(0, 10).findIndex((id) => relevant.has(id));
  const hits = ranked.slice(0, 100).filter((id) => relevant.has(id)).length;
  return {
    ndcg10: best === 0 ? 0 : gained / best,
    mrr10: first < 0 ? 0 : 1 / (first + 1),
    recall100: relevant.size === 0 ? 0 : hits / relevant.size,
  };
}

/** The mean of each score. */
export function meanScores(all: readonly Scores[]): Scores {
  const mean = (pick: (scores: Scores) => number): number => all.reduce((sum, scores) => sum + pick(scores), 0) / Math.max(1, all.length);
  return { ndcg10: mean((scores) => scores.ndcg10), mrr10: mean((scores) => scores.mrr10), recall100: mean((scores) => scores.recall100) };
}
