import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { BatchResult } from "../../../../shared/contract/batch.ts";
import { useCroft } from "../../../api/use-croft.ts";

/** As many as are queued at once; more come when these are done. */
const mostQueued = 1000;

export type Queued = { result: BatchResult; open: boolean };

/** What is to be reviewed. What was decided a moment ago keeps its place, so that nothing moves under the hand. */
export function useQueue(run: string) {
  const { orpc } = useCroft();
  const query = useQuery(orpc.batch.results.queryOptions({ input: { run, states: ["review"], order: "review", limit: mostQueued } }));
  const [taken, setTaken] = useState<BatchResult[]>();
  const [queue, setQueue] = useState<Queued[]>([]);
  const fresh = query.data?.results;
  if (fresh && fresh !== taken) {
    setTaken(fresh);
    setQueue(mergeQueue(queue, fresh));
  }
  return { ...query, queue };
}

/** The queue after it was read again: known ones where they were, closed when they left, new ones at the end. */
export function mergeQueue(queue: readonly Queued[], fresh: readonly BatchResult[]): Queued[] {
  const byId = new Map(fresh.map((result) => [result.id, result]));
  const known = queue.map(({ result }): Queued => {
    const now = byId.get(result.id);
    byId.delete(result.id);
    return now ? { result: now, open: true } : { result, open: false };
  });
  return [...known, ...[...byId.values()].map((result) => ({ result, open: true }))];
}

/** The next document in a direction, open ones first; undefined when there is none. */
export function neighbour(queue: readonly Queued[], id: string | undefined, step: 1 | -1): string | undefined {
  const at = queue.findIndex(({ result }) => result.id === id);
  const ahead = step === 1 ? queue.slice(at + 1) : queue.slice(0, Math.max(0, at)).toReversed();
  const others = queue.filter(({ result }) => result.id !== id);
  const next = step === 1 ? (ahead.find(({ open }) => open) ?? others.find(({ open }) => open)) : ahead[0];
  return next?.result.id;
}
