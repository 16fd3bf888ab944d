import type { CroftClient } from "../../../../src/shared/client/create-client.ts";
import type { PlannedFile } from "./plan.ts";
import type { Fact } from "./sentences.ts";

export type FactScore = { asked: number; found: number; missing: string[] };

/** Asks for facts and sees whether a passage that says them is among the first, from the file they stand in or from a copy. */
export async function findFacts(
  client: CroftClient,
  files: readonly PlannedFile[],
  ask: { collection: string; root: string; query: (fact: Fact) => string; mode: "keyword" | "hybrid"; limit: number },
): Promise<FactScore> {
  const copies = new Map<string, string[]>();
  for (const { copyOf, path } of files) if (copyOf) copies.set(copyOf, [...(copies.get(copyOf) ?? []), path]);
  const score: FactScore = { asked: 0, found: 0, missing: [] };
  for (const { facts, path } of files) {
    const places = new Set([path, ...(copies.get(path) ?? [])].map((place) => `${ask.root}/${place}`));
    for (const fact of facts) {
      score.asked += 1;
      const { results } = await client.knowledge.search({
        query: ask.query(fact),
        collections: [ask.collection],
        mode: ask.mode,
        limit: 3,
      });
      if (results.some(({ document, text }) => isIn(document.path ?? "", places) && text.includes(fact.code))) score.found += 1;
      else score.missing.push(path);
    }
  }
  return score;
}

/** Whether a path is one of the places or lies inside one, as an attachment does. */
const isIn = (path: string, places: ReadonlySet<string>) => [...places].some((place) => path.startsWith(place));
