import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { Box, Id, Reason, route, shortText, Timestamp } from "./define.ts";
import { ModelId } from "./models.ts";
import { ChunkRef, DocumentRef } from "./place.ts";
import { Passage, SearchFilter } from "./search.ts";

export const Effort = z.enum(["instant", "normal", "thorough"]);
export type Effort = z.infer<typeof Effort>;

export const Verdict = z.enum(["supported", "weak", "unsupported"]);
export type Verdict = z.infer<typeof Verdict>;

/** One sentence of the answer; `start`/`end` count UTF-16 units of the answer. */
export const AnswerSentence = z.object({
  text: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  /** Numbers of citations. */
  citations: z.array(z.number().int()),
  verdict: Verdict,
});
export type AnswerSentence = z.infer<typeof AnswerSentence>;

/** A quote that was found in the stored text of a retrieved chunk; `quoteStart`/`quoteEnd` are offsets of that text. */
export const Citation = z.object({
  n: z.number().int().positive(),
  document: DocumentRef,
  chunk: ChunkRef,
  quote: z.string(),
  quoteStart: z.number().int(),
  quoteEnd: z.number().int(),
  page: z.number().int().optional(),
  boxes: z.array(Box).optional(),
  /** The document was deleted since; the quote stays. */
  deleted: z.boolean().optional(),
});
export type Citation = z.infer<typeof Citation>;

export const Answer = z.object({
  question: z.string(),
  queryId: z.string().optional(),
  thread: Id,
  message: Id,
  model: z.string(),
  answer: z.string(),
  refused: z.boolean(),
  evidenceScore: z.number().min(0).max(1),
  sentences: z.array(AnswerSentence),
  citations: z.array(Citation),
  usage: z.object({ promptTokens: z.number().int(), completionTokens: z.number().int() }),
  /** Milliseconds since the question arrived; `load` is model loading and in none of the others. */
  timings: z.object({ load: z.number(), retrieval: z.number(), sources: z.number(), firstToken: z.number(), total: z.number() }),
  read: z.object({ passages: z.number().int(), matched: z.number().int() }),
});
export type Answer = z.infer<typeof Answer>;

/** One stream: sources (none of them in a plain chat), then tokens, then citations, then done. `seq` grows by one from 0. */
export const AskItem = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("sources"),
    seq: z.number().int(),
    thread: Id,
    message: Id,
    passages: z.array(Passage),
    matched: z.number().int(),
  }),
  z.object({ type: z.literal("token"), seq: z.number().int(), text: z.string() }),
  z.object({ type: z.literal("citation"), seq: z.number().int(), citation: Citation }),
  z.object({ type: z.literal("done"), seq: z.number().int(), answer: Answer }),
]);
export type AskItem = z.infer<typeof AskItem>;

export const AskRequest = z.object({
  question: z.string().trim().min(1).max(20_000),
  /** Names or ids. Left out: those that the thread was begun with. Empty: a plain chat without sources. */
  collections: z.array(z.string().min(1).max(200)).max(100).optional(),
  thread: Id.optional(),
  /** The message that the question answers to; the thread's active leaf when left out. Another value makes a branch, null one at the root. */
  parent: Id.nullable().optional(),
  model: ModelId.optional(),
  effort: Effort.optional(),
  /** Which documents of the collections may be read. */
  filter: SearchFilter.optional(),
});
export type AskRequest = z.infer<typeof AskRequest>;

export const messageStates = ["streaming", "complete", "stopped", "failed"] as const;

/** A node of the thread's tree; siblings are the branches of an edited or regenerated message. */
export const Message = z.object({
  id: Id,
  parent: Id.nullable(),
  role: z.enum(["user", "assistant"]),
  text: z.string(),
  state: z.enum(messageStates),
  model: z.string().optional(),
  answer: Answer.optional(),
  error: Reason.optional(),
  createdAt: Timestamp,
});
export type Message = z.infer<typeof Message>;

export const Thread = z.object({
  id: Id,
  title: z.string(),
  collections: z.array(Id),
  leaf: Id.nullable(),
  messages: z.number().int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Thread = z.infer<typeof Thread>;

const ById = z.object({ id: Id });

export const chat = {
  ask: route("write").input(AskRequest).output(eventIterator(AskItem)),
  listThreads: route("read")
    .input(z.object({ limit: z.number().int().min(1).max(1000).default(100), before: Timestamp.optional() }))
    .output(z.array(Thread)),
  getThread: route("read")
    .input(ById)
    .output(z.object({ thread: Thread, messages: z.array(Message) })),
  renameThread: route("write")
    .input(ById.extend({ title: shortText }))
    .output(Thread),
  /** Makes another leaf the active one, so that the next question continues that branch. */
  selectLeaf: route("write")
    .input(ById.extend({ leaf: Id }))
    .output(Thread),
  removeThread: route("write").input(ById).output(z.object({})),
  /** Markdown with footnotes for the citations, or the thread as JSON. */
  exportThread: route("read")
    .input(ById.extend({ format: z.enum(["markdown", "json"]).default("markdown") }))
    .output(z.object({ text: z.string() })),
};
