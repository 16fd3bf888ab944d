import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Item = { id: string; title: string; text: string };
export type RetrievalSet = {
  name: string;
  language: string;
  documents: Item[];
  queries: { id: string; text: string }[];
  /** Query id → ids of the relevant documents. */
  relevant: Map<string, Set<string>>;
};

type Row = { _id: string; title?: string; text: string };

/** Reads JSON lines, split on the line feed only. */
function readLines(path: string): Row[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Row => JSON.parse(line));
}

/** Reads a judged set in BEIR form (corpus.jsonl, queries*.jsonl, qrels*.tsv) from `root`/retrieval/`name`. */
export function readSet(root: string, name: string): RetrievalSet {
  const folder = join(root, "retrieval", name);
  const part = name === "scifact" ? ".train" : "";
  const relevant = new Map<string, Set<string>>();
  for (const line of readFileSync(join(folder, `qrels${part}.tsv`), "utf8")
    .split("\n")
    .slice(1)) {
    const [query, document, score] = line.trim().split("\t");
    if (query === undefined || document === undefined || Number(score) <= 0) continue;
    const known = relevant.get(query);
    if (known) known.add(document);
    else relevant.set(query, new Set([document]));
  }
  return {
    name,
    language: /^xquad-(\w\w)$/.exec(name)?.[1] ?? "en",
    documents: readLines(join(folder, "corpus.jsonl")).map((row) => ({ id: row._id, title: row.title ?? "", text: row.text })),
    queries: readLines(join(folder, `queries${part}.jsonl`))
      .filter((row) => relevant.has(row._id))
      .map((row) => ({ id: row._id, text: row.text })),
    relevant,
  };
}
