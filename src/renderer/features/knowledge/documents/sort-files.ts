import type { FileStatus } from "../../../../shared/contract/knowledge.ts";
import { fileName } from "../../../components/format.ts";

export type SortKey = "path" | "state" | "name" | "pages" | "chunks" | "ocrPages" | "language";
export type FileSort = { by: SortKey; down: boolean };

/** Between a file and one that lies inside it. */
const INSIDE = " › ";

/** A row of the table: `depth` counts the files it lies in, those that are listed. */
export type FileRow = { file: FileStatus; name: string; depth: number };

const stateOrder: Record<FileStatus["state"], number> = { failed: 0, pending: 1, skipped: 2, indexed: 3 };

/** The path of the listed file that one lies in: a sign in a name alone makes no attachment. */
function ownerOf(path: string, listed: ReadonlySet<string>): string | undefined {
  for (let at = path.lastIndexOf(INSIDE); at > 0; at = path.lastIndexOf(INSIDE, at - 1)) {
    const owner = path.slice(0, at);
    if (listed.has(owner)) return owner;
  }
  return undefined;
}

/** Files in the order that is wanted, what lies in a file under it; equal ones by path, those without a value last. */
export function sortFiles(files: readonly FileStatus[], { by, down }: FileSort): FileRow[] {
  const listed = new Set(files.map(({ path }) => path));
  const inside = new Map<string, FileStatus[]>();
  const top: FileStatus[] = [];
  for (const file of files) {
    const owner = file.path.includes(INSIDE) ? ownerOf(file.path, listed) : undefined;
    if (owner === undefined) top.push(file);
    else inside.set(owner, [...(inside.get(owner) ?? []), file]);
  }
  const compare = (a: FileStatus, b: FileStatus): number => compareBy(a, b, by, down) || comparePaths(a.path, b.path);
  const rows: FileRow[] = [];
  const put = (file: FileStatus, owner: string | undefined, depth: number): void => {
    rows.push({ file, name: owner === undefined ? fileName(file.path) : file.path.slice(owner.length + INSIDE.length), depth });
    for (const one of (inside.get(file.path) ?? []).sort(compare)) put(one, file.path, depth + 1);
  };
  for (const file of top.sort(compare)) put(file, undefined, 0);
  return rows;
}

const comparePaths = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function compareBy(a: FileStatus, b: FileStatus, by: SortKey, down: boolean): number {
  const [one, other] = [valueOf(a, by), valueOf(b, by)];
  if (one === other) return 0;
  if (one === undefined || one === "") return 1;
  if (other === undefined || other === "") return -1;
  return (one < other ? -1 : 1) * (down ? -1 : 1);
}

function valueOf(file: FileStatus, by: SortKey): string | number | undefined {
  if (by === "path") return file.path;
  if (by === "name") return fileName(file.path).toLowerCase();
  if (by === "state") return stateOrder[file.state];
  return file[by];
}
