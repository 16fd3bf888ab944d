import { createHash } from "node:crypto";
import type { Answer, Citation, Thread } from "../../../src/shared/contract/chat.ts";
import type { Coverage } from "../../../src/shared/contract/knowledge.ts";
import type { Model } from "../../../src/shared/contract/models.ts";
import type { Passage } from "../../../src/shared/contract/search.ts";

/** A UUIDv7-shaped id from a small number. */
export const id = (n: number): string => `01980000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
export const now = Date.UTC(2026, 9, 1, 9, 0);

const sentences = [
  "The Kesslar lighthouse was built in 1894 by the engineer Ada Brennholt.",
  "It stands 41 metres tall on the eastern cliff.",
  "Its lamp was converted to electricity in 1932.",
  "The last keeper, Tomas Irgendahl, retired in 1978.",
];
const filler = Array.from({ length: 400 }, (_, n) => `Log ${n + 1}: wind from the west, lamp lit at dusk, nothing to report.`).join("\n");

/** A document long enough that its middle is never in view by itself. */
export const documentText = `${filler}\n\n${sentences.join(" ")}\n\n${filler}`;
export const textHash = createHash("sha256").update(documentText).digest("hex");
export const document = { id: id(10), title: "The Kesslar lighthouse", path: "/home/ada/harbour/lighthouse.md" };
export const collectionId = id(1);

const placeOf = (quote: string) => {
  const start = documentText.indexOf(quote);
  return { start, end: start + quote.length };
};

export const passages: Passage[] = sentences.map((text, index) => ({
  rank: index + 1,
  score: 0.9 - index * 0.1,
  document,
  chunk: { id: id(20 + index), textHash, ...placeOf(text), page: index + 1, heading: "History" },
  text,
}));

const citationOf = (n: number): Citation => {
  const passage = passages[n - 1];
  if (!passage) throw new Error(`no passage ${n}`);
  return {
    n,
    document,
    chunk: passage.chunk,
    quote: passage.text,
    quoteStart: passage.chunk.start,
    quoteEnd: passage.chunk.end,
    ...(passage.chunk.page ? { page: passage.chunk.page } : {}),
  };
};

/** Model output as bad as it gets: markup, a remote image, a link, script. It must stay text. */
export const hostile =
  '<img src="https://tracker.invalid/p.png" onerror="window.hacked=1"><script>window.hacked=1</script> [click](javascript:window.hacked=1)';

const answerParts = [
  { text: "The lighthouse was built in 1894 by Ada Brennholt.", citations: [1], verdict: "supported" as const },
  { text: "It is about 40 metres tall.", citations: [2], verdict: "weak" as const },
  { text: "Many visitors climb it every summer.", citations: [], verdict: "unsupported" as const },
];

export function answerTo(question: string, ids: { thread: string; message: string }): Answer {
  const refused = /mongolia/i.test(question);
  const base = {
    question,
    ...ids,
    model: "local:smollm2-135m-instruct",
    timings: { load: 0, retrieval: 31, sources: 48, firstToken: 620, total: 1740 },
  };
  const usage = { promptTokens: 180, completionTokens: 38, tokensPerSecond: 24.6 };
  if (refused)
    return {
      ...base,
      answer: "Not in your sources.",
      refused,
      evidenceScore: 0.08,
      sentences: [],
      citations: [],
      usage,
      read: { passages: 0, matched: 4 },
    };
  const parts = /hostile/i.test(question) ? [{ text: hostile, citations: [], verdict: "unsupported" as const }] : answerParts;
  let answer = "";
  const placed = parts.map((part) => {
    const start = answer.length + (answer === "" ? 0 : 1);
    answer += (answer === "" ? "" : " ") + part.text;
    return { ...part, start, end: answer.length };
  });
  const citations = [...new Set(parts.flatMap((part) => part.citations))].map(citationOf);
  return { ...base, answer, refused, evidenceScore: 0.84, sentences: placed, citations, usage, read: { passages: 3, matched: 4 } };
}

export const thread = (n: number, title: string, leaf: string | null, messages: number): Thread => ({
  id: id(n),
  title,
  titled: "rule",
  collections: [collectionId],
  settings: {},
  leaf,
  messages,
  createdAt: now,
  updatedAt: now,
});

const files: Coverage["files"] = [
  { path: "/home/ada/harbour/lighthouse.md", state: "indexed", documentId: document.id, pages: 1, chunks: 12, language: "en" },
  { path: "/home/ada/harbour/ferry.txt", state: "indexed", documentId: id(11), pages: 1, chunks: 3, language: "en" },
  {
    path: "/home/ada/harbour/scans/deed-1897.pdf",
    state: "indexed",
    documentId: id(12),
    pages: 6,
    chunks: 21,
    ocrPages: 6,
    language: "de",
  },
  { path: "/home/ada/harbour/scans/pier-plan.tif", state: "pending" },
  {
    path: "/home/ada/harbour/letters/brennholt.pdf",
    state: "failed",
    reason: { code: "FILE_ENCRYPTED", message: "The file is encrypted; nothing was read.", hint: "Add it again with its password." },
  },
  {
    path: "/home/ada/harbour/letters/copy.pdf",
    state: "failed",
    reason: { code: "FILE_DAMAGED", message: "The file ends in the middle of a page; nothing was kept." },
  },
  {
    path: "/home/ada/harbour/.cache/thumb.bin",
    state: "skipped",
    reason: { code: "FILE_TYPE_UNSUPPORTED", message: "No reader knows this type." },
  },
  { path: "/home/ada/harbour/letters/offer.eml", state: "indexed", documentId: id(14), chunks: 2, language: "en" },
  {
    path: "/home/ada/harbour/letters/offer.eml › plan.pdf",
    state: "indexed",
    documentId: id(15),
    pages: 9,
    chunks: 14,
    ocrPages: 4,
    waitingPages: 5,
    language: "de",
  },
  { path: "/media/stick/tides.csv", state: "indexed", documentId: id(13), chunks: 44, language: "en", unavailable: true },
];

export function coverage(size: "small" | "large"): Coverage {
  const all =
    size === "small"
      ? files
      : Array.from({ length: 20_000 }, (_, n): Coverage["files"][number] => ({
          path: `/home/ada/archive/page-${String(n).padStart(5, "0")}.txt`,
          state: n % 97 === 0 ? "pending" : "indexed",
          chunks: 2,
        }));
  const totals = { indexed: 0, skipped: 0, failed: 0, pending: 0 };
  for (const { state } of all) totals[state] += 1;
  return { collection: "Harbour", documents: totals.indexed, chunks: 80, bytes: 1_400_000, files: all, totals };
}

const fit = {
  verdict: "fits" as const,
  weights: 1.1e9,
  context: 120e6,
  overhead: 200e6,
  required: 1.42e9,
  available: 6.1e9,
  learned: true,
};

export const models: Model[] = [
  {
    id: "qwen2.5-coder-1.5b-instruct",
    name: "Qwen2.5 Coder 1.5B Instruct",
    role: "chat",
    licence: "Apache-2.0",
    bytes: 1_117_320_736,
    state: "installed",
    origin: "fetched",
    starter: true,
    probed: "ok",
    fit,
    speed: { promptTokensPerSecond: 101, tokensPerSecond: 24 },
  },
  {
    id: "smollm2-135m-instruct",
    name: "SmolLM2 135M Instruct",
    role: "chat",
    licence: "Apache-2.0",
    bytes: 91_000_000,
    state: "missing",
    starter: false,
    probed: "never",
    fit: { ...fit, required: 310e6 },
  },
  {
    id: "large-70b",
    name: "A model larger than this machine",
    role: "chat",
    licence: "custom",
    bytes: 42e9,
    state: "missing",
    starter: false,
    probed: "never",
    fit: { ...fit, verdict: "too-large", required: 44e9 },
  },
  {
    id: "bge-small-en-v1.5",
    name: "BGE small English v1.5",
    role: "embedding",
    licence: "MIT",
    bytes: 34_000_000,
    state: "installed",
    origin: "fetched",
    starter: true,
    probed: "ok",
    dimensions: 384,
    speed: { textsPerSecond: 24 },
  },
  {
    id: "multilingual-e5-small",
    name: "E5 small, many languages",
    role: "embedding",
    licence: "MIT",
    bytes: 118_000_000,
    state: "installed",
    origin: "fetched",
    starter: false,
    probed: "ok",
    dimensions: 384,
    speed: { textsPerSecond: 11 },
  },
  {
    id: "ms-marco-minilm-l6",
    name: "MS MARCO MiniLM L6",
    role: "reranker",
    licence: "Apache-2.0",
    bytes: 23_000_000,
    state: "partial",
    starter: false,
    probed: "never",
  },
];
