/**
 * Answers over XQuAD-en through the contract, as a person would get them: is the gold text in the answer, do the
 * citations point at it, and is a question refused when the passage that answers it is taken out?
 *
 * `CROFT_EVAL_QUESTIONS` (default 300) sets how many, at a fixed stride; `CROFT_EVAL_OFFSET` where the stride
 * begins, so that what was tuned on one set is reported on another.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "../../src/shared/contract/chat.ts";
import type { CroftClient } from "../../src/shared/client/create-client.ts";
import { kindOf } from "../../src/main/features/chat/question-kind.ts";
import { createCore } from "../../src/main/core/create-core.ts";
import { createNodeHost } from "../../src/main/core/node-host.ts";
import { owner } from "../../src/main/core/principal.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";

type Question = { id: string; text: string; gold: string[]; passage: string };
type Effort = "instant" | "normal";

const wanted = Number(process.env["CROFT_EVAL_QUESTIONS"] ?? 300);
const offset = Number(process.env["CROFT_EVAL_OFFSET"] ?? 0);

export async function evaluate(dataFolder: string): Promise<string> {
  const set = join(dataFolder, "retrieval", "xquad-en");
  const questions = everyNth(readQuestions(set), wanted, offset);
  const profile = mkdtempSync(join(tmpdir(), "croft-eval-"));
  const host = createNodeHost({ kind: "embedded", profile });
  const core = await createCore({ ...host, log: () => {} });
  const client = createMemoryClient(core.router, { principal: owner("embedder"), log: core.log });
  try {
    await index(client, join(set, "corpus.jsonl"));
    const ids = new Map(
      (await client.knowledge.listDocuments({ collection: "xquad", limit: 1000 })).map((document) => [
        document.externalId ?? "",
        document.id,
      ]),
    );
    const rows = [];
    for (const effort of ["instant", "normal"] as const) rows.push({ effort, ...(await run(client, questions, ids, effort)) });
    return report(rows, questions.length);
  } finally {
    await core.close();
    await host.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function run(client: CroftClient, questions: readonly Question[], ids: ReadonlyMap<string, string>, effort: Effort) {
  const answers: { question: Question; answer: Answer }[] = [];
  let refusedWithout = 0;
  for (const [done, question] of questions.entries()) {
    answers.push({ question, answer: await ask(client, question.text, effort) });
    if (effort === "instant") {
      const others = [...ids.entries()].filter(([externalId]) => externalId !== question.passage).map(([, id]) => id);
      if ((await ask(client, question.text, effort, others)).refused) refusedWithout += 1;
    }
    if (done % 50 === 0) console.error(`${effort}: ${done} of ${questions.length}`);
  }
  const answered = answers.filter(({ answer }) => !answer.refused);
  const cited = answered.filter(({ answer }) => answer.citations.length > 0);
  return {
    gold: share(answers, ({ question, answer }) => holds(answer.answer, question.gold)),
    words: median(answered.map(({ answer }) => answer.answer.split(/\s+/u).length)),
    f1: mean(
      answered
        .filter(({ question }) => kindOf(question.text) === "fact")
        .map(({ question, answer }) => Math.max(...question.gold.map((gold) => f1(answer.answer, gold)))),
    ),
    quote: share(cited, ({ question, answer }) => answer.citations.some(({ quote }) => holds(quote, question.gold))),
    passage: share(cited, ({ question, answer }) => answer.citations.some(({ document }) => document.externalId === question.passage)),
    uncited: 1 - cited.length / answered.length,
    refusedWrongly: share(answers, ({ answer }) => answer.refused),
    refusedRightly: effort === "instant" ? refusedWithout / questions.length : undefined,
    sourcesP95: percentile(
      answers.map(({ answer }) => answer.timings.sources),
      0.95,
    ),
    firstP50: percentile(
      answered.map(({ answer }) => answer.timings.firstToken),
      0.5,
    ),
    firstP95: percentile(
      answered.map(({ answer }) => answer.timings.firstToken),
      0.95,
    ),
  };
}

async function ask(client: CroftClient, question: string, effort: Effort, documents?: string[]): Promise<Answer> {
  for await (const item of await client.chat.ask({
    question,
    collections: ["xquad"],
    effort,
    ...(documents ? { filter: { documents } } : {}),
  })) {
    if (item.type === "done") return item.answer;
  }
  throw new Error("The stream ended without an answer.");
}

async function index(client: CroftClient, path: string): Promise<void> {
  const { jobId } = await client.knowledge.addRecords({ collection: "xquad", path });
  const stop = new AbortController();
  for await (const item of await client.jobs.watch({}, { signal: stop.signal })) {
    if (item.type === "change" && item.job.id === jobId && item.job.state === "done") break;
    if (item.type === "change" && item.job.state === "failed") throw new Error(item.job.error?.message);
  }
  stop.abort();
}

function report(rows: readonly ({ effort: Effort } & Awaited<ReturnType<typeof run>>)[], questions: number): string {
  const percent = (value: number | undefined) => (value === undefined ? "" : value.toFixed(3));
  const ms = (value: number) => `${Math.round(value)} ms`;
  const lines = rows.map((row) =>
    [
      row.effort,
      percent(row.gold),
      row.words,
      percent(row.f1),
      percent(row.quote),
      percent(row.passage),
      percent(row.uncited),
      percent(row.refusedWrongly),
      percent(row.refusedRightly),
      ms(row.sourcesP95),
      ms(row.firstP50),
      ms(row.firstP95),
    ].join(" | "),
  );
  return `# Answers

Made by \`npm run eval -- answers\`. XQuAD-en, ${questions} questions at a fixed stride from ${offset}; the starter chat model and embedder; one question at a time through \`chat.ask\`. "Refused rightly" asks each question again with the passage that answers it taken out. Times are without model loading.

| effort | gold text in answer | median words | token F1, questions for a fact | cited sentence has gold | cited passage is gold | answered uncited | refused wrongly | refused rightly | sources p95 | first token p50 | p95 |
|---|---|---|---|---|---|---|---|---|---|---|---|
${lines.map((line) => `| ${line} |`).join("\n")}
`;
}

function readQuestions(folder: string): Question[] {
  const lines = (name: string) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line !== "");
  const passages = new Map(
    lines("qrels.tsv")
      .slice(1)
      .map((line) => line.split("\t"))
      .map(([query = "", passage = ""]) => [query, passage]),
  );
  return lines("queries.jsonl").map((line) => {
    const row = JSON.parse(line) as { _id: string; text: string; metadata: { answers: { text: string }[] } };
    return { id: row._id, text: row.text, gold: row.metadata.answers.map(({ text }) => text), passage: passages.get(row._id) ?? "" };
  });
}

function everyNth<Item>(items: readonly Item[], count: number, from: number): Item[] {
  const stride = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, index) => index % stride === from % stride).slice(0, count);
}

const normal = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
const holds = (text: string, gold: readonly string[]) => gold.some((answer) => ` ${normal(text)} `.includes(` ${normal(answer)} `));

/** Token F1 after lower-casing and removing punctuation. */
function f1(answer: string, gold: string): number {
  const given = normal(answer).split(" ");
  const left = normal(gold).split(" ");
  const size = left.length;
  const shared = given.filter((token) => {
    const found = left.indexOf(token);
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  }).length;
  return shared === 0 ? 0 : (2 * shared) / (given.length + size);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const share = <Item>(items: readonly Item[], test: (item: Item) => boolean) => items.filter(test).length / Math.max(1, items.length);
const percentile = (values: readonly number[], at: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * at))] ?? 0;
const median = (values: readonly number[]) => percentile(values, 0.5);
