import { keepPreviousData, useQueries } from "@tanstack/react-query";
import type { BatchResult } from "../../../../shared/contract/batch.ts";
import { useCroft } from "../../../api/use-croft.ts";

type Wish = { run: string; states?: BatchResult["state"][]; search?: string };

/** Rows of one request. */
const chunkRows = 200;

/** The chunks that hold the rows from `first` to `last`, both included. */
export function chunksOf({ first, last }: { first: number; last: number }): number[] {
  const from = Math.floor(first / chunkRows);
  return Array.from({ length: Math.floor(Math.max(first, last) / chunkRows) - from + 1 }, (_, index) => from + index);
}

/** The documents in sight, asked for in chunks; a row that is still on its way is undefined. */
export function useResults(wish: Wish, range: { first: number; last: number }) {
  const { orpc } = useCroft();
  const chunks = chunksOf(range);
  const queries = useQueries({
    queries: chunks.map((chunk) =>
      orpc.batch.results.queryOptions({
        input: { ...wish, offset: chunk * chunkRows, limit: chunkRows },
        placeholderData: keepPreviousData,
      }),
    ),
  });
  return {
    total: queries.find(({ data }) => data)?.data?.total,
    row(index: number): BatchResult | undefined {
      const query = queries[chunks.indexOf(Math.floor(index / chunkRows))];
      // What stands in for a chunk while it is read belongs to other rows.
      return query?.isPlaceholderData && chunks.length > 1 ? undefined : query?.data?.results[index % chunkRows];
    },
    error: queries.find(({ error }) => error)?.error,
    refetch: () => Promise.all(queries.map((query) => query.refetch())),
  };
}
