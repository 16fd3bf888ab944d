import type { Answer, AskItem, AskRequest, Effort, Message } from "../../../shared/contract/chat.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Box } from "../../../shared/contract/define.ts";
import type { ChatModel } from "../../providers/chat-model.ts";
import type { RunStore, Span } from "../insights/index.ts";
import type { Search } from "../knowledge/index.ts";
import type { Checked } from "./citations.ts";
import type { Evidence, SentenceSpace } from "./evidence.ts";
import { PROMPT_VERSION } from "./prompt.ts";
import type { ThreadStore } from "./thread-store.ts";

/** What answering needs of the rest of Croft. */
export type AskDeps = {
  threads: ThreadStore;
  runs: RunStore;
  search: Search;
  /** Ids of collections by name or id. @throws NOT_FOUND */
  collectionIds: (named: readonly string[]) => string[];
  hasCollection: (id: string) => boolean;
  chatModel: (id: string) => Promise<ChatModel>;
  /** Vectors of a question and of sentences, by the embedder of the collections; undefined where there is none. */
  embedSentences: (question: string, collections: readonly string[], signal: AbortSignal) => Promise<SentenceSpace | undefined>;
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] };
  /** A stored text. @throws NOT_FOUND */
  text: (hash: string) => string;
  settings: { model(): string; effort(): Effort };
  now: () => number;
};

/** An item of the stream before it is numbered. */
export type StreamItem = DistributiveOmit<AskItem, "seq">;
type DistributiveOmit<Item, Key extends PropertyKey> = Item extends unknown ? Omit<Item, Key> : never;

/** One question on its way to an answer: what was asked, where it goes, and what was measured. */
export type Turn = {
  readonly deps: AskDeps;
  readonly request: AskRequest;
  readonly signal: AbortSignal;
  readonly put: (item: StreamItem) => void;
  /** Ids; a thread keeps those that it was begun with. None: a plain chat. */
  readonly collections: string[];
  readonly effort: Effort;
  /** Reference of the model that writes; `none` where the answer is cut from the sources. */
  readonly model: string;
  readonly history: Message[];
  readonly ids: { thread: string; answer: string };
  readonly startedAt: number;
  readonly spans: Span[];
  load: number;
  retrieval: number;
  sources: number;
  firstToken: number;
  usage: Answer["usage"];
  /** What was shown so far: kept when the answer is stopped. */
  text: string;
};

/** How a turn ended. */
export type Written = { text: string; checked: Checked; refused: boolean; evidence: Evidence | undefined; read: Answer["read"] };

/** Writes the question down, durable before anything else, and gathers what its answer needs. @throws NOT_FOUND */
export function beginTurn(deps: AskDeps, request: AskRequest, signal: AbortSignal, put: Turn["put"]): Turn {
  const { threads, settings, now, collectionIds } = deps;
  const effort = request.effort ?? settings.effort();
  const startedAt = now();
  const begun = request.thread === undefined ? [] : threads.get(request.thread).collections;
  const collections = request.collections ? collectionIds(request.collections) : stillThere(begun, deps);
  // An instant answer is cut from the sources; where there are none, somebody has to write it.
  const model = effort === "instant" && collections.length > 0 ? "none" : (request.model ?? settings.model());
  const ids = threads.ask(request.question, { thread: request.thread, parent: request.parent, collections, model });
  return {
    deps,
    request,
    signal,
    put,
    collections,
    effort,
    model,
    history: threads.path(ids.thread, ids.parent),
    ids: { thread: ids.thread, answer: ids.answer },
    startedAt,
    spans: [],
    load: 0,
    retrieval: 0,
    sources: 0,
    firstToken: 0,
    usage: { promptTokens: 0, completionTokens: 0 },
    text: "",
  };
}

/** The collections that a conversation was begun with, without those removed since. @throws NOT_FOUND when none is left */
function stillThere(begun: readonly string[], { hasCollection }: AskDeps): string[] {
  const left = begun.filter(hasCollection);
  if (begun.length > 0 && left.length === 0) {
    throw new AppError("NOT_FOUND", "The collections of this conversation were removed. Nothing was asked.", {
      hint: "Choose other collections, or none for a plain chat.",
    });
  }
  return left;
}

/** Streams a piece of the answer and keeps it. */
export function show(turn: Turn, text: string): void {
  if (turn.text === "") turn.firstToken = turn.deps.now() - turn.startedAt;
  turn.text += text;
  turn.deps.threads.saveText(turn.ids.answer, turn.text);
  turn.put({ type: "token", text });
}

/** The answer as the contract has it; times are without model loading. */
export function toAnswer(turn: Turn, { text, checked, refused, evidence, read }: Written): Answer {
  return {
    question: turn.request.question,
    thread: turn.ids.thread,
    message: turn.ids.answer,
    model: turn.model,
    answer: text,
    refused,
    evidenceScore: evidence?.score ?? 0,
    ...checked,
    usage: turn.usage,
    timings: {
      load: turn.load,
      retrieval: turn.retrieval,
      sources: turn.sources,
      firstToken: Math.max(0, turn.firstToken - turn.load),
      total: turn.deps.now() - turn.startedAt - turn.load,
    },
    read,
  };
}

/** Keeps what was done for this turn, for insights. */
export function recordTurn({ deps, ids, startedAt, spans }: Turn, outcome: "complete" | "refused" | "stopped" | "failed"): void {
  deps.runs.record({
    kind: "chat.ask",
    subject: ids.answer,
    actor: "chat",
    origin: "model",
    pipeline: PROMPT_VERSION,
    outcome,
    startedAt,
    spans,
  });
}
