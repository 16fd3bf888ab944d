import type { Answer, AskItem, AskRequest, Citation } from "../../../../shared/contract/chat.ts";
import type { Passage } from "../../../../shared/contract/search.ts";
import type { Problem } from "../../../api/problem.ts";
import type { Say } from "../messages.ts";

/** `asking` until sources are there, `reading` until the first word, `answering` until done. */
export type AskPhase = "asking" | "reading" | "answering" | "done" | "stopped" | "failed";

/** One question under way, or its outcome as long as this window lives. */
export type Ask = {
  request: AskRequest;
  /** Messages of the thread when it was asked: more of them mean that core has stored this one. */
  known: number;
  phase: AskPhase;
  thread?: string;
  message?: string;
  passages: Passage[];
  matched: number;
  /** Of an answer that takes longer: sections read, and about how long the rest takes. */
  progress?: { done: number; total: number; leftMs: number };
  text: string;
  citations: Citation[];
  answer?: Answer;
  problem?: Problem;
};

export const startAsk = (request: AskRequest, known = 0): Ask => ({
  request,
  known,
  phase: "asking",
  passages: [],
  matched: 0,
  text: "",
  citations: [],
});

/** The ask after one item of its stream. */
export function applyAskItem(ask: Ask, item: AskItem): Ask {
  switch (item.type) {
    case "sources":
      return { ...ask, phase: "reading", thread: item.thread, message: item.message, passages: item.passages, matched: item.matched };
    case "progress":
      return { ...ask, progress: { done: item.done, total: item.total, leftMs: item.leftMs } };
    case "token":
      return { ...ask, phase: "answering", text: ask.text + item.text };
    case "citation":
      return { ...ask, citations: [...ask.citations, item.citation] };
    case "done":
      return {
        ...ask,
        phase: "done",
        thread: item.answer.thread,
        message: item.answer.message,
        text: item.answer.answer,
        citations: item.answer.citations,
        answer: item.answer,
      };
  }
}

export const isRunning = (ask: Pick<Ask, "phase">): boolean =>
  ask.phase === "asking" || ask.phase === "reading" || ask.phase === "answering";

/** What is going on before the first word. A thread that was begun with sources reads them when no others are named. */
export function waitingText(
  { phase, request, passages, progress }: Pick<Ask, "phase" | "request" | "passages" | "progress">,
  say: Say,
): string {
  if (progress) return progressText(progress, say);
  if (passages.length > 0) return say("phaseReading");
  return request.collections?.length === 0 || phase === "reading" ? say("phaseWaiting") : say("phaseSearching");
}

/** How far an answer is that takes longer, and how long it will take. */
function progressText({ done, total, leftMs }: NonNullable<Ask["progress"]>, say: Say): string {
  const seconds = Math.max(5, Math.ceil(leftMs / 5000) * 5);
  const left = seconds < 90 ? say("secondsShort", { seconds }) : say("minutesShort", { minutes: Math.round(seconds / 60) });
  if (done >= total) return say("puttingTogether");
  return done === 0 ? say("readingSections", { count: total, left }) : say("readSections", { done, count: total, left });
}

/** True for an answer that no retrieval stands behind. */
export const isFromModelAlone = ({ refused, read, citations }: Pick<Answer, "refused" | "read" | "citations">): boolean =>
  !refused && read.passages === 0 && citations.length === 0;

/** What a screen reader is told, once a phase, instead of every word. */
export function announce(ask: Ask | undefined, say: Say): string {
  switch (ask?.phase) {
    case undefined:
      return "";
    case "asking":
      return waitingText(ask, say);
    case "reading":
      return ask.passages.length > 0 ? say("readingPassages", { count: ask.passages.length }) : waitingText(ask, say);
    case "answering":
      return say("answering");
    case "done":
      return ask.answer?.refused
        ? say("notYourSources")
        : say("doneCounts", {
            words: say("words", { count: words(ask.text) }),
            citations: say("citations", { count: ask.citations.length }),
          });
    case "stopped":
      return say("stoppedSaid");
    case "failed":
      return ask.problem?.message ?? say("answerFailed");
  }
}

const words = (text: string) => text.split(/\s+/).filter(Boolean).length;
