import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { Box, Empty, FilePath, Id, Reason, route, shortText, Timestamp } from "./define.ts";
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
  /** `tokensPerSecond` from the first token to the last, where a model wrote more than one. */
  usage: z.object({ promptTokens: z.number().int(), completionTokens: z.number().int(), tokensPerSecond: z.number().optional() }),
  /** The most tokens that were allowed ended it, not the model. */
  cut: z.boolean().optional(),
  /** Milliseconds since the question arrived; `load` is model loading and in none of the others. */
  timings: z.object({ load: z.number(), retrieval: z.number(), sources: z.number(), firstToken: z.number(), total: z.number() }),
  read: z.object({ passages: z.number().int(), matched: z.number().int() }),
});
export type Answer = z.infer<typeof Answer>;

/**
 * One stream: sources (none of them in a plain chat), then tokens, then citations, then done. `seq` grows by one from 0.
 * Answers that take longer tell their progress between sources and the last token: first what lies ahead, with 0 done.
 */
export const AskItem = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("sources"),
    seq: z.number().int(),
    thread: Id,
    message: Id,
    passages: z.array(Passage),
    matched: z.number().int(),
  }),
  z.object({
    type: z.literal("progress"),
    seq: z.number().int(),
    done: z.number().int().nonnegative(),
    total: z.number().int().nonnegative(),
    unit: z.literal("section"),
    /** About how many milliseconds the rest takes. */
    leftMs: z.number().int().nonnegative(),
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
  /** A question of the thread that is answered once more, beside its other answers: nothing is asked anew, and `parent` is not read. */
  answering: Id.optional(),
  /** An answer to that question whose text the new one begins with: it goes on where that one was stopped. */
  continuing: Id.optional(),
  /** Name or id of the preset that a new thread is begun with. */
  preset: z.string().min(1).max(200).optional(),
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

/** How a conversation is answered. What is left out is as the settings have it. `systemPrompt`, `temperature` and `maxTokens` are those of a chat without sources. */
export const ThreadSettings = z.object({
  model: ModelId.optional(),
  systemPrompt: z.string().trim().max(20_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.number().int().min(16).max(32_768).optional(),
  contextTokens: z.number().int().min(512).max(131_072).optional(),
});
export type ThreadSettings = z.infer<typeof ThreadSettings>;

export const Preset = z.object({ id: Id, name: shortText, settings: ThreadSettings, updatedAt: Timestamp });
export type Preset = z.infer<typeof Preset>;

export const Thread = z.object({
  id: Id,
  title: z.string(),
  /** Who gave it its title; a person's is never replaced. */
  titled: z.enum(["rule", "model", "person"]),
  collections: z.array(Id),
  settings: ThreadSettings,
  forkedFrom: Id.optional(),
  leaf: Id.nullable(),
  messages: z.number().int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Thread = z.infer<typeof Thread>;

/** A message of the active branch, with the ids of its versions: other wordings of a question, other answers to it; oldest first. */
export const PathMessage = Message.extend({ versions: z.array(Id) });
export type PathMessage = z.infer<typeof PathMessage>;

/** A part of the active branch: `messages` begin at `start` of `length`. */
export const PathWindow = z.object({ thread: Thread, length: z.number().int(), start: z.number().int(), messages: z.array(PathMessage) });
export type PathWindow = z.infer<typeof PathWindow>;

/** A file of one conversation. Short ones are told whole, longer ones are searched like a collection. */
export const Attachment = z.object({
  id: Id,
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  pages: z.number().int(),
  path: z.string(),
});
export type Attachment = z.infer<typeof Attachment>;

const contextKinds = ["system", "history", "attachment", "sources", "question", "answer"] as const;

/** A part of what the model will be told. `answer` is the room that is kept for it. */
export const ContextPart = z.object({
  kind: z.enum(contextKinds),
  title: z.string(),
  tokens: z.number().int(),
  /** Not told whole: passages of it are looked for. */
  searched: z.boolean().optional(),
  /** Messages that no longer fit, of `history`. */
  leftOut: z.number().int().optional(),
  attachment: Attachment.optional(),
});
export type ContextPart = z.infer<typeof ContextPart>;

export const Context = z.object({
  model: z.string(),
  parts: z.array(ContextPart),
  contextTokens: z.number().int(),
  /** By the loaded model's own tokenizer, or estimated from the length of the text. */
  counted: z.enum(["tokenizer", "estimate"]),
});
export type Context = z.infer<typeof Context>;

/** A title or a message that holds the words; `message` is absent for a title. */
export const ThreadHit = z.object({
  thread: Id,
  title: z.string(),
  message: Id.optional(),
  role: Message.shape.role.optional(),
  at: Timestamp,
  snippet: z.array(z.object({ text: z.string(), hit: z.boolean() })),
});
export type ThreadHit = z.infer<typeof ThreadHit>;

/** What was read for an answer, and what it took. `passages` have no text where their document was deleted since. */
export const Trace = z.object({
  passages: z.array(Passage),
  steps: z.array(
    z.object({
      name: z.string(),
      durationMs: z.number(),
      attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    }),
  ),
});
export type Trace = z.infer<typeof Trace>;

const ById = z.object({ id: Id });

/** Key of an unsent text: a thread, or `new` for one not begun. */
const DraftKey = z.object({ thread: z.union([Id, z.literal("new")]) });
/** Base64 of one part of a file: it must fit into a frame. */
const mostPartLength = 4 * 2 ** 20;

export const chat = {
  ask: route("write").input(AskRequest).output(eventIterator(AskItem)),
  listThreads: route("read")
    .input(z.object({ limit: z.number().int().min(1).max(1000).default(100), before: Timestamp.optional() }))
    .output(z.array(Thread)),
  getThread: route("read")
    .input(ById)
    .output(z.object({ thread: Thread, messages: z.array(Message) })),
  /** A conversation that nothing was asked in yet. */
  createThread: route("write")
    .input(z.object({ collections: z.array(z.string().min(1).max(200)).max(100).default([]), settings: ThreadSettings.default({}) }))
    .output(Thread),
  /** A window of the active branch: from `from`, or with `around` in its middle, or its end. */
  getPath: route("read")
    .input(
      ById.extend({
        from: z.number().int().nonnegative().optional(),
        around: Id.optional(),
        limit: z.number().int().min(1).max(500).default(60),
      }),
    )
    .output(PathWindow),
  /** Replaces how it is answered. */
  setThread: route("write")
    .input(ById.extend({ settings: ThreadSettings }))
    .output(Thread),
  /** A new conversation that begins with the messages up to this one. */
  forkThread: route("write")
    .input(ById.extend({ message: Id }))
    .output(Thread),
  /** Titles and messages that hold all the words, of every branch; best first, in one thread in its order. */
  searchThreads: route("read")
    .input(
      z.object({
        query: z.string().trim().min(1).max(400),
        thread: Id.optional(),
        limit: z.number().int().min(1).max(1000).default(50),
      }),
    )
    .output(z.array(ThreadHit)),
  trace: route("read")
    .input(z.object({ message: Id }))
    .output(Trace),

  listPresets: route("read").input(Empty).output(z.array(Preset)),
  /** Makes the preset of this name, or replaces it. */
  savePreset: route("write")
    .input(z.object({ name: shortText, settings: ThreadSettings }))
    .output(Preset),
  removePreset: route("write").input(ById).output(Empty),

  /** One part of a file that has no path here, in order; the first makes the upload, the rest name it. */
  uploadPart: route("write")
    .input(z.object({ upload: Id.optional(), data: z.base64().max(mostPartLength) }))
    .output(z.object({ upload: Id, bytes: z.number() })),
  /** Reads a file into a conversation; the file stays where it lies, an upload is kept with the profile. */
  attach: route("write")
    .input(z.object({ thread: Id, name: shortText, path: FilePath.optional(), upload: Id.optional() }))
    .output(Attachment),
  detach: route("write").input(ById).output(Empty),
  /** What the next question would tell the model, and how many tokens that is. */
  context: route("read")
    .input(
      AskRequest.pick({ thread: true, parent: true, collections: true, model: true }).extend({
        question: z.string().max(20_000),
      }),
    )
    .output(Context),

  getDraft: route("read")
    .input(DraftKey)
    .output(z.object({ text: z.string() })),
  saveDraft: route("write")
    .input(DraftKey.extend({ text: z.string().max(20_000) }))
    .output(Empty),

  renameThread: route("write")
    .input(ById.extend({ title: shortText }))
    .output(Thread),
  /** Makes another leaf the active one, so that the next question continues that branch; `follow` goes on to its newest end. */
  selectLeaf: route("write")
    .input(ById.extend({ leaf: Id, follow: z.boolean().default(false) }))
    .output(Thread),
  removeThread: route("write").input(ById).output(z.object({})),
  /** Markdown with footnotes for the citations, or the thread as JSON. */
  exportThread: route("read")
    .input(ById.extend({ format: z.enum(["markdown", "json"]).default("markdown") }))
    .output(z.object({ text: z.string() })),
};
