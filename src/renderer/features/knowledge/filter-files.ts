import type { FileStatus } from "../../../shared/contract/knowledge.ts";

export type FileFilter = { text: string; state: FileStatus["state"] | undefined };

/** Files whose path holds the text, whatever its case, and that are in the state, in the order they came. */
export function filterFiles(files: readonly FileStatus[], { text, state }: FileFilter): FileStatus[] {
  const wanted = text.trim().toLowerCase();
  return files.filter(
    (file) => (state === undefined || file.state === state) && (wanted === "" || file.path.toLowerCase().includes(wanted)),
  );
}
