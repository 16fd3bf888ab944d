import type { Answer, AskItem, AskRequest, Effort, Message, Preset, ThreadSettings } from "../../../shared/contract/chat.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Box } from "../../../shared/contract/define.ts";
import type { ChatModel } from "../../providers/chat-model.ts";
import type { RunStore, Span } from "../insights/index.ts";
import type { FoundPassage, Search } from "../knowledge/index.ts";
import type { AttachmentStore, StoredAttachment } from "./attachments/attachment-store.ts";
import type { Checked } from "./check/citations.ts";
import type { Evidence, SentenceSpace } from "./evidence/evidence.ts";
import { PROMPT_VERSION } from "./prompt/prompt.ts";
import { areToldWhole } from "./prompt/plan-context.ts";
import type { ThreadStore } from "./threads/thread-store.ts";
import type { Counter } from "./prompt/token-counter.ts";
import type { ToldHistory } from "./prompt/told-history.ts";

/** Messages that a context could hold, at the most. */
export const HISTORY_MESSAGES = 200;

/** What answering needs of the rest of Croft. */
export type AskDeps = {
  threads: ThreadStore;
  runs: RunStore;
  search: Search;
  /** Ids of collections by name or id. @throws NOT_FOUND */
  collectionIds: (named: readonly string[]) => string[];
  hasCollection: (id: string) => boolean;
  /** `contextTokens` is that of a thread which has its own. */
  chatModel: (id: string, options?: { contextTokens?: number | undefined }) => Promise<ChatModel>;
  /** Resolves where the model of a reference is on this machine; loads nothing. @throws NOT_FOUND · MODEL_MISSING · NOT_SUPPORTED */
  requireModel: (reference: string) => Promise<void>;
  counter: (model: ChatModel) => Counter;
  /** Where the told part of each plain conversation began. */
  told: ToldHistory;
  attachments: Pick<AttachmentStore, "of">;
  /** By id or name. @throws NOT_FOUND */
  preset: (nameOrId: string) => Preset;
  /** Vectors of a question and of sentences, by the embedder of the collections; undefined where there is none. */
  embedSentences: (question: string, collections: readonly string[], signal: AbortSignal) => Promise<SentenceSpace | undefined>;
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] };
  /** A stored text. @throws NOT_FOUND */
  text: (hash: string) => string;
  /** Every passage of a document in its order; none when it is in none of the collections. */
  wholeDocument: (id: string, collections: readonly string[]) => FoundPassage[];
  /** The document of a collection that holds no other. */
  onlyDocument: (collection: string) => string | undefined;
  settings: { model(): string; effort(): Effort; contextTokens(): number };
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
  /** How the thread is answered. */
  readonly settings: ThreadSettings;
  /** Files that a plain chat is told whole. */
  readonly attachments: StoredAttachment[];
  /** The text of a stopped answer that this one goes on with. */
  readonly begun: string | undefined;
  readonly effort: Effort;
  /** Reference of the model that writes; `none` where the answer is cut from the sources. */
  readonly model: string;
  readonly history: Message[];
  readonly ids: { thread: string; question: string; answer: string };
  readonly startedAt: number;
  readonly spans: Span[];
  load: number;
  retrieval: number;
  sources: number;
  firstToken: number;
  usage: Answer["usage"];
  /** Ended by the most tokens that were allowed. */
  cut: boolean;
  /** Mean natural-log probability of what the model wrote, where the provider tells it. */
  sureness: number | undefined;
  /** What was shown so far: kept when the answer is stopped. */
  text: string;
};

/** How a turn ended. */
export type Written = { text: string; checked: Checked; refused: boolean; evidence: Evidence | undefined; read: Answer["read"] };

/** Writes the question down, durable before anything else, and gathers what its answer needs. @throws NOT_FOUND */
export function beginTurn(deps: AskDeps, request: AskRequest, signal: AbortSignal, put: Turn["put"]): Turn {
  const { threads, now, collectionIds } = deps;
  const effort = request.effort ?? deps.settings.effort();
  const startedAt = now();
  const thread = request.thread === undefined ? undefined : threads.get(request.thread);
  const settings = thread?.settings ?? (request.preset === undefined ? {} : deps.preset(request.preset).settings);
  const named = request.collections ? collectionIds(request.collections) : stillThere(thread?.collections ?? [], deps);
  const { contextTokens } = settings;
  const { told, searched } = readAttachments(deps.attachments.of(thread?.id ?? ""), named, contextTokens ?? deps.settings.contextTokens());
  const collections = [...named, ...searched];
  // An instant answer is cut from the sources; where there are none, somebody has to write it.
  const model = effort === "instant" && collections.length > 0 ? "none" : (request.model ?? settings.model ?? deps.settings.model());
  const begun = textToContinue(deps, request);
  const { answering, parent } = request;
  const ids = threads.ask(request.question, { thread: thread?.id, parent, collections: named, model, answering, settings });
  return {
    deps: { ...deps, chatModel: (id) => deps.chatModel(id, { contextTokens }) },
    request: { ...request, question: ids.text },
    signal,
    put,
    collections,
    settings,
    attachments: told,
    begun,
    effort,
    model,
    history: threads.history(ids.thread, ids.parent, HISTORY_MESSAGES),
    ids: { thread: ids.thread, question: ids.question, answer: ids.answer },
    startedAt,
    spans: [],
    load: 0,
    retrieval: 0,
    sources: 0,
    firstToken: 0,
    usage: { promptTokens: 0, completionTokens: 0 },
    cut: false,
    sureness: undefined,
    text: "",
  };
}

/** Files are told whole where nothing else is read and they fit; searched otherwise, as collections of their own. */
export function readAttachments(
  attachments: StoredAttachment[],
  collections: readonly string[],
  contextTokens: number,
): { told: StoredAttachment[]; searched: string[] } {
  if (collections.length === 0 && areToldWhole(attachments, contextTokens)) return { told: attachments, searched: [] };
  return { told: [], searched: attachments.flatMap(({ collection }) => collection ?? []) };
}

/** @throws NOT_FOUND · INVALID_INPUT when it answers another question */
function textToContinue({ threads }: AskDeps, { thread, answering, continuing }: AskRequest): string | undefined {
  if (continuing === undefined) return undefined;
  const stopped = thread === undefined ? undefined : threads.message(thread, continuing);
  if (!stopped || stopped.role !== "assistant" || stopped.parent !== answering)
    throw new AppError("INVALID_INPUT", "Only an answer to the question that is answered again can be continued.");
  // Models write a space before a word, not after one.
  return stopped.text.trimEnd() || undefined;
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

/** Keeps what was written so far but is not shown yet: it is the answer when it is stopped. */
export function keep(turn: Turn, text: string): void {
  turn.text = text;
  turn.deps.threads.saveText(turn.ids.answer, text);
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
    ...(turn.cut ? { cut: true } : {}),
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
