import type { FileStatus } from "../../../../shared/contract/knowledge.ts";

/** `waiting`: pages are still to be recognised; `unavailable`: not reachable at the last look. */
export const fileStateFilters = ["indexed", "skipped", "failed", "pending", "waiting", "unavailable"] as const satisfies readonly (
  | FileStatus["state"]
  | "waiting"
  | "unavailable"
)[];
export type FileStateFilter = (typeof fileStateFilters)[number];
export type FileFilter = { text: string; state: FileStateFilter | undefined; language?: string | undefined };

/** Files whose path holds the text, whatever its case, and that are in the state and the language, in the order they came. */
export function filterFiles(files: readonly FileStatus[], { text, state, language }: FileFilter): FileStatus[] {
  const wanted = text.trim().toLowerCase();
  return files.filter(
    (file) =>
      isIn(file, state) &&
      (language === undefined || file.language === language) &&
      (wanted === "" || file.path.toLowerCase().includes(wanted)),
  );
}

function isIn(file: FileStatus, state: FileStateFilter | undefined): boolean {
  if (state === undefined) return true;
  if (state === "waiting") return (file.waitingPages ?? 0) > 0;
  if (state === "unavailable") return file.unavailable === true;
  return file.state === state;
}

/** The languages of files, the most frequent first. */
export function languagesOf(files: readonly FileStatus[]): string[] {
  const counts = new Map<string, number>();
  for (const { language } of files) if (language) counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([language]) => language);
}
