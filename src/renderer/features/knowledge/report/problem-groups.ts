import type { Coverage, FileStatus } from "../../../../shared/contract/knowledge.ts";
import type { Say } from "../messages.ts";

export type ProblemGroup = {
  code: string;
  hint: string | undefined;
  state: "failed" | "skipped";
  files: FileStatus[];
};

const named = [
  "FILE_ENCRYPTED",
  "FILE_PASSWORD_WRONG",
  "FILE_DAMAGED",
  "FILE_EMPTY",
  "FILE_UNREADABLE",
  "FILE_TOO_LARGE",
  "FILE_TYPE_UNSUPPORTED",
  "FILE_HOSTILE",
  "NOT_SUPPORTED",
  "NOT_FOUND",
  "TIMEOUT",
  "ENGINE_EXITED",
  "INTERNAL",
] as const;

/** What a reason is called; a code that nobody named speaks for itself. */
export function problemTitle({ code }: Pick<ProblemGroup, "code">, say: Say): string {
  const known = named.find((one) => one === code);
  return known ? say(known) : code.toLowerCase().replaceAll("_", " ");
}

const locked = new Set(["FILE_ENCRYPTED", "FILE_PASSWORD_WRONG"]);
export const isLocked = ({ code }: Pick<ProblemGroup, "code">): boolean => locked.has(code);

/** Files that were left out, by their reason: failures first, then the larger groups. */
export function problemGroups(files: Coverage["files"]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const file of files) {
    if (file.state !== "failed" && file.state !== "skipped") continue;
    const code = file.reason?.code ?? "UNKNOWN";
    const key = `${file.state} ${code}`;
    const group = groups.get(key) ?? {
      code,
      hint: file.reason?.hint,
      state: file.state,
      files: [],
    };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) =>
      Number(a.state === "skipped") - Number(b.state === "skipped") || b.files.length - a.files.length || (a.code < b.code ? -1 : 1),
  );
}

/** Whether a path is that of a source or lies below it, whichever way slashes lean. */
export function holds(source: string, path: string): boolean {
  const root = source.replace(/[\\/]+$/, "");
  return path === root || path === source || [`${root}/`, `${root}\\`, `${root} › `].some((begin) => path.startsWith(begin));
}

/** Files that cannot be reached now, by the source they belong to. */
export function unreachable(
  sources: readonly { path: string }[],
  files: readonly FileStatus[],
): { path: string; files: number; all: boolean }[] {
  return sources.flatMap(({ path }) => {
    const own = files.filter((file) => holds(path, file.path));
    const away = own.filter((file) => file.unavailable).length;
    return away > 0 ? [{ path, files: away, all: away === own.length }] : [];
  });
}
