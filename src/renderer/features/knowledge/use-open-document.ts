import type { FileStatus } from "../../../shared/contract/knowledge.ts";
import { useCroft } from "../../api/use-croft.ts";
import { useReader } from "../../view/reader-store.ts";

/** Opens what was read of a file in the reader; does nothing for a file of which nothing was read. */
export function useOpenDocument(): (file: FileStatus | undefined) => void {
  const { orpc, cache } = useCroft();
  return (file) => {
    if (!file?.documentId) return;
    const { documentId: id } = file;
    void cache.fetchQuery(orpc.knowledge.getDocument.queryOptions({ input: { id } })).then(
      ({ title, textHash }) => useReader.getState().open([{ document: { id, title, path: file.path }, textHash, label: "" }], 0),
      () => undefined,
    );
  };
}
