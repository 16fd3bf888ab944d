import { useAsk } from "../asking/use-asks.ts";

/** Which pages of a file the latest answer of this window was chosen from. */
export function usePagesUsed(threadKey: string): (path: string) => number[] {
  const passages = useAsk(threadKey)?.passages ?? [];
  return (path) => {
    const pages = passages.flatMap(({ document, chunk }) => (document.path === path && chunk.page !== undefined ? [chunk.page] : []));
    return [...new Set(pages)].sort((a, b) => a - b);
  };
}
