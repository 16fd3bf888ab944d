import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSet } from "../sets.ts";

/** A question with the texts that answer it; the ids of the passages that hold one. */
export type Question = { id: string; text: string; gold: string[]; passages: ReadonlySet<string> };

type Row = { _id: string; text: string; metadata: { answer?: string; answers?: { text: string }[] } };

/** The questions of a judged set in BEIR form whose queries carry gold answers: XQuAD's spans, or one text. */
export function readQuestions(root: string, set: string): Question[] {
  const { relevant } = readSet(root, set);
  return readFileSync(join(root, "retrieval", set, "queries.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Row => JSON.parse(line))
    .map(({ _id: id, text, metadata: { answer, answers } }) => ({
      id,
      text,
      gold: answers?.map((gold) => gold.text) ?? (answer === undefined ? [] : [answer]),
      passages: relevant.get(id) ?? new Set(),
    }));
}

/** `count` items, evenly over all of them from `offset` on, so that what was tuned on one choice is reported on another. */
export function everyNth<Item>(items: readonly Item[], count: number, offset: number): Item[] {
  const stride = items.length / count;
  if (stride <= 1) return [...items];
  // Below one stride, so that two offsets never meet.
  const shift = offset % Math.floor(stride);
  const chosen = new Set(Array.from({ length: count }, (_, index) => Math.floor(index * stride) + shift));
  return items.filter((_, index) => chosen.has(index));
}

/** Which questions an evaluation asks: `CROFT_EVAL_QUESTIONS` and `CROFT_EVAL_OFFSET`, else `count` from 0. */
export function wanted(count: number): { count: number; offset: number } {
  return { count: Number(process.env["CROFT_EVAL_QUESTIONS"] ?? count), offset: Number(process.env["CROFT_EVAL_OFFSET"] ?? 0) };
}
