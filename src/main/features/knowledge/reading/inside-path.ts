import { basename, dirname, extname, join } from "node:path";

/** Between a file and one that lies inside it, in paths as people see them: `mail.eml › invoice.pdf`. */
export const INSIDE = " › ";

/**
 * Names of the files inside a file, each given once and none holding the sign that separates them: the second
 * `scan.pdf` is `scan (2).pdf`. The same list always gets the same names.
 */
export function namesInside(attachments: readonly { name: string }[]): string[] {
  const taken = new Set<string>();
  return attachments.map(({ name }) => {
    const unique = freeName(name.replaceAll("›", "_").trim() || "attachment", (candidate) => taken.has(candidate));
    taken.add(unique);
    return unique;
  });
}

/** A name that is not taken: the one that is wanted, or it with a number. */
export function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  const extension = extname(wanted);
  let name = wanted;
  for (let copy = 2; isTaken(name); copy += 1) name = `${wanted.slice(0, wanted.length - extension.length)} (${copy})${extension}`;
  return name;
}

/**
 * The ways in which a path may be read, the whole of it as a file first: a file on disk may have the separating sign in
 * its own name. `inside` are the names that lead from the file on.
 */
export function readingsOf(path: string): { path: string; inside: string[] }[] {
  const folder = dirname(path);
  const parts = basename(path).split(INSIDE);
  return parts.map((_, index) => ({
    path: join(folder, parts.slice(0, parts.length - index).join(INSIDE)),
    inside: parts.slice(parts.length - index),
  }));
}
