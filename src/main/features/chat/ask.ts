import type { Answer, AskItem, AskRequest, Effort, Message } from "../../../shared/contract/chat.ts";
import type { Box } from "../../../shared/contract/define.ts";
import { isAbort } from "../../../shared/errors.ts";
import type { ChatMessage } from "../../engines/generation/protocol.ts";
import { languageCode, loadLanguage } from "../../text/languages.ts";
import type { ChatModel } from "../../providers/chat-model.ts";
import type { RunStore, Span } from "../insights/index.ts";
import type { FoundPassage, Search } from "../knowledge/index.ts";
import { checkAnswer, type Checked } from "./citations.ts";
import { type Evidence, type EvidenceSentence, findEvidence, type SentenceSpace } from "./evidence.ts";
import { expandFollowUp } from "./follow-up.ts";
import { evidenceTokens } from "./evidence-budget.ts";
import { groundedPrompt, plainPrompt, PROMPT_VERSION } from "./prompt.ts";
import { kindOf, type QuestionKind } from "./question-kind.ts";
import { stretchEvidence } from "./sections.ts";
import type { ThreadStore } from "./thread-store.ts";
import { createTokenFeed } from "./token-feed.ts";

const PASSAGES = 8;
/** Units of text a token stands for, on average over English and German. */
const UNITS_PER_TOKEN = 4.2;
const ANSWER_TOKENS = { fact: 48, open: 160, broad: 400, plain: 768 };
const BROAD_COVERAGE = 0.4;
const REFUSAL = "Your sources do not seem to hold an answer to this. The closest passages are listed.";

export type AskDeps = {
  threads: ThreadStore;
  runs: RunStore;
  search: Search;
  /** Ids of collections by name or id. @throws NOT_FOUND */
  collectionIds: (named: readonly string[]) => string[];
  chatModel: (id: string) => Promise<ChatModel>;
  /** Vectors of a question and of sentences, by the embedder of the collections; undefined where there is none. */
  embedSentences: (question: string, collections: readonly string[], signal: AbortSignal) => Promise<SentenceSpace | undefined>;
  boxes: (textHash: string, start: number, end: number) => { page?: number; boxes?: Box[] };
  /** A stored text. @throws NOT_FOUND */
  text: (hash: string) => string;
  settings: { model(): string; effort(): Effort };
  now: () => number;
};

type Sink = (item: DistributiveOmit<AskItem, "seq">) => void;
type DistributiveOmit<Item, Key extends PropertyKey> = Item extends unknown ? Omit<Item, Key> : never;

/** What the steps of one question share. */
type Turn = {
  request: AskRequest;
  /** Ids; a thread keeps those that it was begun with. None: a plain chat. */
  collections: string[];
  effort: Effort;
  model: string;
  history: Message[];
  ids: { thread: string; answer: string };
  startedAt: number;
  load: number;
  retrieval: number;
  sources: number;
  firstToken: number;
  usage: Answer["usage"];
  spans: Span[];
  /** What was shown so far: kept when the answer is stopped. */
  text: string;
};

type Written = { text: string; checked: Checked; refused: boolean; evidence: Evidence | undefined; read: Answer["read"] };

/**
 * Answers a question as one stream: sources, tokens, citations, done. The question is durable before anything
 * else; closing the stream aborts down to the token loop and keeps what was written.
 */
export function createAsk(deps: AskDeps) {
  return async function* ask(request: AskRequest, signal: AbortSignal | undefined): AsyncGenerator<AskItem, void> {
    const stop = new AbortController();
    const combined = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const feed = createTokenFeed<DistributiveOmit<AskItem, "seq">>();
    const work = answer(deps, request, combined, feed.put).then(feed.end, feed.fail);
    let seq = 0;
    try {
      for await (const item of feed) yield { ...item, seq: seq++ } as AskItem;
    } finally {
      stop.abort();
      await work;
    }
  };
}

async function answer(deps: AskDeps, request: AskRequest, signal: AbortSignal, put: Sink): Promise<void> {
  const turn = begin(deps, request);
  try {
    const written = turn.collections.length > 0 ? await grounded(deps, turn, signal, put) : await plain(deps, turn, signal, put);
    const result = toAnswer(deps, turn, written);
    deps.threads.finish(turn.ids.thread, turn.ids.answer, { state: "complete", text: result.answer, answer: result });
    record(deps, turn, written.refused ? "refused" : "complete");
    for (const citation of result.citations) put({ type: "citation", citation });
    put({ type: "done", answer: result });
  } catch (error) {
    const stopped = isAbort(error) || signal.aborted;
    deps.threads.finish(turn.ids.thread, turn.ids.answer, {
      state: stopped ? "stopped" : "failed",
      text: turn.text,
      ...(stopped ? {} : { error }),
    });
    record(deps, turn, stopped ? "stopped" : "failed");
    throw error;
  }
}

function begin({ threads, settings, now, collectionIds }: AskDeps, request: AskRequest): Turn {
  const model = request.model ?? settings.model();
  const effort = request.effort ?? settings.effort();
  const startedAt = now();
  const collections = collectionIds(request.collections ?? (request.thread === undefined ? [] : threads.get(request.thread).collections));
  // An instant answer is cut from the sources; where there are none, somebody has to write it.
  const writer = effort === "instant" && collections.length > 0 ? "none" : model;
  const ids = threads.ask(request.question, { thread: request.thread, parent: request.parent, collections, model: writer });
  return {
    request,
    collections,
    effort,
    model: writer,
    history: threads.path(ids.thread, ids.parent),
    ids: { thread: ids.thread, answer: ids.answer },
    startedAt,
    load: 0,
    retrieval: 0,
    sources: 0,
    firstToken: 0,
    usage: { promptTokens: 0, completionTokens: 0 },
    spans: [],
    text: "",
  };
}

async function grounded(deps: AskDeps, turn: Turn, signal: AbortSignal, put: Sink): Promise<Written> {
  const { request, effort } = turn;
  const question = expandFollowUp(request.question, turn.history);
  const found = await deps.search(
    {
      query: question.slice(0, 4000),
      collections: turn.collections,
      mode: "hybrid",
      rerank: true,
      limit: PASSAGES,
      explain: true,
      ...(request.filter ? { filter: request.filter } : {}),
    },
    signal,
  );
  turn.load += found.timings.load;
  turn.retrieval = found.timings.total;
  turn.sources = deps.now() - turn.startedAt - turn.load;
  put({
    type: "sources",
    thread: turn.ids.thread,
    message: turn.ids.answer,
    passages: found.passages.map(toPassage),
    matched: found.matched,
  });
  turn.spans.push({
    name: "retrieval",
    startedAt: turn.startedAt,
    durationMs: turn.retrieval,
    attributes: { passages: found.passages.length, matched: found.matched },
  });

  const kind = kindOf(request.question);
  const evidence = await findEvidence(question, found.passages, await deps.embedSentences(question, turn.collections, signal));
  const matched = found.matched;
  if (isSilent(evidence, kind)) {
    show(deps, turn, put, REFUSAL);
    return { text: REFUSAL, checked: { sentences: [], citations: [] }, refused: true, evidence, read: { passages: 0, matched } };
  }

  const language = await loadLanguage(languageCode(found.passages[0]?.language ?? "en"));
  const answered =
    effort === "instant"
      ? quote(deps, turn, evidence.sentences.slice(0, kind === "fact" ? 1 : 2), put)
      : await write(deps, turn, { kind, effort, evidence }, signal, put);
  let { text } = answered;
  const { chosen } = answered;
  let checked = checkAnswer(text, request.question, chosen, language, deps.boxes);
  const [best] = evidence.sentences;
  if (best && checked.sentences.every(({ verdict }) => verdict === "unsupported")) {
    // Nothing of what the model wrote stands in the sources: what does is shown instead.
    text = best.text;
    checked = checkAnswer(text, request.question, [best], language, deps.boxes);
  }
  return { text, checked, refused: false, evidence, read: { passages: new Set(chosen.map(({ passage }) => passage)).size, matched } };
}

/**
 * The score was calibrated on questions for one thing. A broad one shares few words with any sentence that answers
 * a part of it, so the passages are taken together: refused is what they do not even mention.
 */
function isSilent(evidence: Evidence, kind: QuestionKind): boolean {
  return evidence.isSilent && (kind !== "broad" || evidence.coverage < BROAD_COVERAGE);
}

type Told = { text: string; chosen: EvidenceSentence[] };

/** Answers with the best sentences themselves. */
function quote(deps: AskDeps, turn: Turn, chosen: EvidenceSentence[], put: Sink): Told {
  const text = chosen.map((sentence) => sentence.text).join(" ");
  show(deps, turn, put, text);
  return { text, chosen };
}

/** Lets the model answer from as much evidence as pays and as it can read in time. */
async function write(
  deps: AskDeps,
  turn: Turn,
  { kind, effort, evidence }: { kind: QuestionKind; effort: Exclude<Effort, "instant">; evidence: Evidence },
  signal: AbortSignal,
  put: Sink,
): Promise<Told> {
  const model = await deps.chatModel(turn.model);
  const units = evidenceTokens(effort, kind, model.readingSpeed()) * UNITS_PER_TOKEN;
  const chosen =
    kind === "broad"
      ? stretchEvidence(evidence.sentences, units, ({ passage }) => (effort === "thorough" ? passage.section : passage.chunk), deps.text)
      : within(evidence.sentences, units);
  const text = await generate(
    deps,
    turn,
    model,
    groundedPrompt(turn.request.question, chosen, turn.history, kind),
    ANSWER_TOKENS[kind],
    signal,
    put,
  );
  return { text, chosen };
}

async function plain(deps: AskDeps, turn: Turn, signal: AbortSignal, put: Sink): Promise<Written> {
  put({ type: "sources", thread: turn.ids.thread, message: turn.ids.answer, passages: [], matched: 0 });
  const text = await generate(
    deps,
    turn,
    await deps.chatModel(turn.model),
    plainPrompt(turn.request.question, turn.history),
    ANSWER_TOKENS.plain,
    signal,
    put,
  );
  return { text, checked: { sentences: [], citations: [] }, refused: false, evidence: undefined, read: { passages: 0, matched: 0 } };
}

async function generate(
  deps: AskDeps,
  turn: Turn,
  model: ChatModel,
  messages: ChatMessage[],
  maxTokens: number,
  signal: AbortSignal,
  put: Sink,
): Promise<string> {
  const startedAt = deps.now();
  const output = await model.generate(
    { messages, maxTokens, temperature: 0, prefixKey: turn.ids.thread },
    { signal, onText: (text) => show(deps, turn, put, text) },
  );
  turn.load += output.timings.loadMs;
  turn.usage = { promptTokens: output.promptTokens, completionTokens: output.completionTokens };
  turn.spans.push({
    name: "chat",
    startedAt,
    durationMs: output.timings.totalMs,
    attributes: {
      "gen_ai.request.model": turn.model,
      "gen_ai.usage.input_tokens": output.promptTokens,
      "gen_ai.usage.output_tokens": output.completionTokens,
      "croft.cached_tokens": output.cachedTokens,
    },
  });
  // Aborted before or after the first token: the stream ends the same way.
  signal.throwIfAborted();
  return output.text.trim();
}

/** Streams a piece of the answer and keeps it. */
function show(deps: AskDeps, turn: Turn, put: Sink, text: string): void {
  if (turn.text === "") turn.firstToken = deps.now() - turn.startedAt;
  turn.text += text;
  deps.threads.saveText(turn.ids.answer, turn.text);
  put({ type: "token", text });
}

/** The best sentences that fit, in the order of their documents, so that they read as they stand there. */
function within(sentences: readonly EvidenceSentence[], units: number): EvidenceSentence[] {
  const chosen: EvidenceSentence[] = [];
  let used = 0;
  for (const sentence of sentences) {
    if (chosen.length > 0 && used + sentence.text.length > units) continue;
    chosen.push(sentence);
    used += sentence.text.length;
  }
  return chosen.sort((a, b) => a.passage.rank - b.passage.rank || a.start - b.start);
}

function toAnswer(deps: AskDeps, turn: Turn, { text, checked, refused, evidence, read }: Written): Answer {
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
      total: deps.now() - turn.startedAt - turn.load,
    },
    read,
  };
}

function record(deps: AskDeps, turn: Turn, outcome: string): void {
  deps.runs.record({
    kind: "chat.ask",
    subject: turn.ids.answer,
    actor: "chat",
    origin: "model",
    pipeline: PROMPT_VERSION,
    outcome,
    startedAt: turn.startedAt,
    spans: turn.spans,
  });
}

function toPassage({ section: _section, language: _language, ...passage }: FoundPassage) {
  return passage;
}
