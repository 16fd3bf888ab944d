import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { testData } from "../../tests/helpers/test-data.ts";
import { makeLibrary } from "./lib/make-library.ts";
import { missing } from "./lib/needs.ts";
import { jobEnd, openCore, withFolder } from "./lib/open-core.ts";
import { type Measurement, quantile, type Skipped } from "./row.ts";

const chatModel = "qwen2.5-coder-1.5b-instruct";
const set = "retrieval/xquad-en";
const GROUNDED_MS = 180_000;
type Effort = "instant" | "normal";
type Times = { sources: number[]; first: number[] };

/**
 * XQuAD's questions through chat.ask, one at a time, as a person waits for them: until the sources are there, in a
 * library of 10,000 chunks; until the first token of a grounded answer, over the passages of XQuAD.
 */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const skipped = missing(chatModel, { model: "bge-small-en-v1.5" }, { data: set });
  if (skipped) return { skipped };
  const chunks = quick ? 1000 : 10_000;
  return withFolder(async (folder) => {
    const profile = join(folder, "profile");
    mkdirSync(profile);
    await makeLibrary(profile, { collection: "library", chunks });
    const core = await openCore(profile);
    try {
      const { jobId } = await core.client.knowledge.addRecords({ collection: "xquad", path: testData(`${set}/corpus.jsonl`) });
      await jobEnd(core.client, jobId);
      const questions = readQuestions();
      const ask = async (question: string, collection: string, effort: Effort, times?: Times) => {
        const startedAt = performance.now();
        let firstMs = 0;
        for await (const item of await core.client.chat.ask({ question, collections: [collection], effort, model: `local:${chatModel}` })) {
          const ms = performance.now() - startedAt;
          if (item.type === "sources") times?.sources.push(ms);
          // Refusals are written without the model: they would flatter the time.
          if (item.type === "token") firstMs ||= ms;
          if (item.type === "done" && !item.answer.refused) times?.first.push(firstMs);
        }
      };
      // Loads models, reads the vectors into memory and measures how fast the model reads.
      for (const question of questions.slice(quick ? -1 : -3)) {
        await ask(question, "library", "instant");
        await ask(question, "xquad", "normal");
      }
      const large: Times = { sources: [], first: [] };
      for (const question of everyNth(questions, quick ? 10 : 150)) await ask(question, "library", "instant", large);
      const grounded: Times = { sources: [], first: [] };
      // On a machine that writes slowly fewer are asked, so that the row keeps within its time.
      const until = performance.now() + GROUNDED_MS;
      for (const question of everyNth(questions, quick ? 2 : 40))
        if (performance.now() < until) await ask(question, "xquad", "normal", grounded);
      const cells = (times: number[]) => [...[0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(0)), String(times.length)];
      return {
        title: "Questions and answers",
        columns: ["", "p50 ms", "p95 ms", "worst ms", "questions"],
        lines: [
          [`sources, ${chunks.toLocaleString("en")} chunks`, ...cells(large.sources)],
          ["sources, XQuAD", ...cells(grounded.sources)],
          ["first token of a grounded answer, XQuAD", ...cells(grounded.first)],
        ],
        notes: `Starter embedder, ${chatModel}; models are loaded before. Refused questions have no first token.`,
        figures: [
          {
            name: `question to sources, ${chunks.toLocaleString("en")} chunks, p95`,
            value: quantile(large.sources, 0.95),
            unit: "ms",
            target: { atMost: 200 },
          },
          {
            name: "question to first token, starter chat model, p95",
            value: quantile(grounded.first, 0.95),
            unit: "ms",
            target: { atMost: 1300 },
          },
        ],
      };
    } finally {
      await core.close();
    }
  });
}

function readQuestions(): string[] {
  return readFileSync(testData(`${set}/queries.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { text: string }).text);
}

const everyNth = <Item>(items: readonly Item[], count: number): Item[] => {
  const stride = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, index) => index % stride === 0).slice(0, count);
};
