import type { Passage, SearchResponse } from "../../../../shared/contract/search.ts";

export type LegName = "keyword" | "vector" | "fused" | "rerank";
export type RankedPassage = { passage: Passage; rank: number; score: number };

export const shownRanks = 20;

/** The passages of one leg in its own order, as far as they are shown. */
export function ranking(results: readonly Passage[], leg: LegName): RankedPassage[] {
  return results
    .flatMap((passage) => {
      const place = passage.legs?.[leg];
      return place ? [{ passage, rank: place.rank, score: place.score }] : [];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, shownRanks);
}

/** How a passage moved from the leg before: places gained are positive; undefined where it was not there. */
export function moved({ passage, rank }: RankedPassage, leg: LegName): number | undefined {
  const before = leg === "rerank" ? passage.legs?.fused?.rank : undefined;
  return before === undefined || before === null ? undefined : before - rank;
}

/** What each column took, in milliseconds; undefined for what is not measured by itself. */
export function legTime({ timings }: Pick<SearchResponse, "timings">, leg: LegName): number | undefined {
  if (leg === "vector") return timings.embed + timings.vector;
  return leg === "fused" ? undefined : timings[leg];
}
