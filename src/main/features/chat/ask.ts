import type { AskItem, AskRequest } from "../../../shared/contract/chat.ts";
import { isAbort } from "../../../shared/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { answerFromSources } from "./answer-from-sources.ts";
import { answerPlainly } from "./plain-chat.ts";
import { createTokenFeed } from "./token-feed.ts";
import type { Passage } from "../../../shared/contract/search.ts";
import { type AskDeps as TurnDeps, beginTurn, recordTurn, type StreamItem, toAnswer, type Turn } from "./turn.ts";

export type AskDeps = TurnDeps & {
  /** Resolves when attached files that are searched can be found. */
  attachmentsReady: (collections: readonly string[], signal: AbortSignal) => Promise<void>;
  /** Keeps which passages an answer was chosen from. */
  saveTrace: (message: string, passages: Passage[]) => void;
  /** Told of every answer that was written whole. */
  onAnswered: (thread: string) => void;
  log?: Pick<Logger, "error">;
};

type Running = { thread: string | undefined; stop: AbortController; work: Promise<void> };

/**
 * Answers a question as one stream: sources, tokens, citations, done. The question is durable before anything
 * else; closing the stream aborts down to the token loop and keeps what was written.
 */
export function createAsk(deps: AskDeps) {
  const closing = new AbortController();
  const underWay = new Set<Running>();

  async function* ask(request: AskRequest, signal: AbortSignal | undefined): AsyncGenerator<AskItem, void> {
    const stop = new AbortController();
    const combined = AbortSignal.any([stop.signal, closing.signal, ...(signal ? [signal] : [])]);
    const feed = createTokenFeed<StreamItem>();
    const running: Running = { thread: undefined, stop, work: Promise.resolve() };
    underWay.add(running);
    running.work = answer(deps, request, combined, feed.put, (thread) => (running.thread = thread))
      .then(feed.end, feed.fail)
      .finally(() => underWay.delete(running));
    let seq = 0;
    try {
      for await (const item of feed) yield { ...item, seq: seq++ } as AskItem;
    } finally {
      stop.abort();
      await running.work;
    }
  }

  return {
    ask,
    /** Stops the answers of one conversation and waits until nothing more of them is written. */
    async stopThread(thread: string): Promise<void> {
      const stopped = [...underWay].filter((running) => running.thread === thread);
      for (const { stop } of stopped) stop.abort();
      await Promise.all(stopped.map(({ work }) => work));
    },
    /** Stops every answer under way and waits until what was written is kept. */
    async close(): Promise<void> {
      closing.abort();
      await Promise.all([...underWay].map(({ work }) => work));
    },
  };
}

async function answer(
  deps: AskDeps,
  request: AskRequest,
  signal: AbortSignal,
  put: Turn["put"],
  onBegun: (thread: string) => void,
): Promise<void> {
  const turn = beginTurn(deps, request, signal, (item) => {
    if (item.type === "sources" && item.passages.length > 0) deps.saveTrace(item.message, item.passages);
    put(item);
  });
  const { thread, answer: message } = turn.ids;
  onBegun(thread);
  try {
    // A model that is not there is told before anything is looked up, or refused for want of evidence. The question stays.
    if (request.model !== undefined) await deps.requireModel(request.model);
    if (turn.collections.length > 0) await deps.attachmentsReady(turn.collections, signal);
    const written = turn.collections.length > 0 ? await answerFromSources(turn) : await answerPlainly(turn);
    const result = toAnswer(turn, written);
    deps.threads.finish(thread, message, { state: "complete", text: result.answer, answer: result });
    record(deps, turn, written.refused ? "refused" : "complete");
    for (const citation of result.citations) put({ type: "citation", citation });
    put({ type: "done", answer: result });
    deps.onAnswered(thread);
  } catch (error) {
    const isStopped = isAbort(error) || signal.aborted;
    const state = isStopped ? "stopped" : "failed";
    deps.threads.finish(thread, message, { state, text: turn.text, ...(isStopped ? {} : { error }) });
    record(deps, turn, state);
    throw error;
  }
}

/** What was done is told to insights; an answer that is kept has not failed because that could not be written down. */
function record(deps: AskDeps, turn: Turn, outcome: Parameters<typeof recordTurn>[1]): void {
  try {
    recordTurn(turn, outcome);
  } catch (error) {
    deps.log?.error("chat.turn-not-recorded", { error });
  }
}
