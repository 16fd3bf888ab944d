import type { Coverage } from "../contract/knowledge.ts";

/** The parts of a coverage report as the whole: the files of all, the totals of the last. */
export async function joinCoverage(parts: AsyncIterable<Coverage>): Promise<Coverage> {
  const files: Coverage["files"] = [];
  let last: Coverage | undefined;
  for await (const part of parts) {
    for (const file of part.files) files.push(file);
    last = part;
  }
  if (!last) throw new Error("a coverage report has at least one part");
  return { ...last, files };
}
