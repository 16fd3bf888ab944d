import { os } from "../../../src/main/core/implementer.ts";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import type { Source } from "../../../src/shared/contract/knowledge.ts";
import type { Passage } from "../../../src/shared/contract/search.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { id, now, passages } from "./scripted-data.ts";

/** What a scripted core says of rules, rankings, retries and embedders; every request is kept. */
export function scriptedKnowledge({ setJob, next }: { setJob(job: Job): void; next(): string }) {
  const requests: { route: string; input: unknown }[] = [];
  /** Collections whose embedding model is missing. */
  const wordsOnly: string[] = [];
  const begin = (kind: string, title: string): string => {
    const job: Job = {
      id: next(),
      kind,
      title,
      state: "running",
      progress: { done: 14, total: 80, unit: "documents" },
      attempts: 1,
      createdAt: now,
    };
    setJob(job);
    return job.id;
  };
  const routes = {
    listSources: os.knowledge.listSources.handler(() => sources),
    removeSource: os.knowledge.removeSource.handler(({ input }) => {
      requests.push({ route: "removeSource", input });
      return { removedDocuments: 0 };
    }),
    previewSource: os.knowledge.previewSource.handler(({ input }) => {
      requests.push({ route: "previewSource", input });
      if (input.path.includes("missing"))
        throw new AppError("NOT_FOUND", `${input.path} cannot be reached. What was indexed from it stays searchable.`);
      const files = 412 - input.exclude.length * 100;
      return {
        path: input.path,
        files,
        bytes: 1.9e9,
        types: ["pdf", "docx", "eml", "tif", ""].map((type, index) => ({ type, files: 240 >> index, bytes: 1e6 })),
        leftOut: [
          ...(input.exclude.length > 0 ? [{ why: "excluded" as const, entries: 100, examples: [`${input.path}/drafts/offer.docx`] }] : []),
          { why: "never" as const, entries: 3, examples: [`${input.path}/.git`, `${input.path}/node_modules`] },
          { why: "type" as const, entries: 12, examples: [`${input.path}/film/harbour.mp4`] },
        ],
        unreadable: [],
      };
    }),
    retryFailed: os.knowledge.retryFailed.handler(({ input }) => {
      requests.push({ route: "retryFailed", input });
      return { jobId: begin("knowledge.index", "Try failed files of Harbour again"), files: 1 };
    }),
    changeEmbedder: os.knowledge.changeEmbedder.handler(({ input }) => {
      requests.push({ route: "changeEmbedder", input });
      return { jobId: begin("knowledge.embedder", `Embed Harbour with ${input.embedder}`) };
    }),
    exportCoverage: os.knowledge.exportCoverage.handler(({ input }) => {
      requests.push({ route: "exportCoverage", input });
      return { name: `harbour-coverage.${input.format}`, mime: "text/plain", text: `as ${input.format}` };
    }),
    search: os.knowledge.search.handler(({ input }) => ({
      query: input.query,
      results: input.query.includes("nothing")
        ? []
        : passages.map((passage, index) => (input.explain ? explained(passage, index) : passage)),
      timings: { load: 0, embed: 8, keyword: 2, vector: 3, rerank: input.explain ? 120 : 0, total: 14 },
      ...(input.explain ? { keywordWeight: 0.4 } : {}),
      ...(wordsOnly.length > 0 ? { wordsOnly } : {}),
    })),
  };
  return { routes, requests, wordsOnly };
}

/** Four passages, each leg in an order of its own: the first is found by its words alone. */
function explained(passage: Passage, index: number): Passage {
  const place = (order: readonly number[], best: number) => {
    const at = order.indexOf(index);
    return at < 0 ? null : { rank: at + 1, score: best - at * 0.11 };
  };
  return {
    ...passage,
    legs: {
      keyword: place([2, 0, 3], 9.4),
      vector: place([1, 3, 2], 0.81),
      fused: place([2, 1, 3, 0], 0.74),
      rerank: place([0, 1, 2, 3], 0.97),
    },
  };
}

const rules = { include: [], exclude: [], watch: false, reading: {}, hasPassword: false };
const sources: Source[] = [
  {
    ...rules,
    id: id(90),
    kind: "path",
    path: "/home/ada/harbour",
    exclude: ["drafts/**", "*.bak"],
    watch: true,
    reading: { ocr: "auto", languages: ["deu"] },
  },
  { ...rules, id: id(91), kind: "path", path: "/media/stick" },
];
