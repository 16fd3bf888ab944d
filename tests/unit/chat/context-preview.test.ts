import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/shared/errors.ts";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { createAttachmentStore, type StoredAttachment } from "../../../src/main/features/chat/attachments/attachment-store.ts";
import { contextOf } from "../../../src/main/features/chat/prompt/context.ts";
import { createThreadStore } from "../../../src/main/features/chat/threads/thread-store.ts";
import { createTokenCounter } from "../../../src/main/features/chat/prompt/token-counter.ts";
import { createToldHistory } from "../../../src/main/features/chat/prompt/told-history.ts";
import type { AskDeps } from "../../../src/main/features/chat/turn.ts";
import { localProvider } from "../../../src/main/providers/local-provider.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const missing = async () => {
  throw new AppError("MODEL_MISSING", "The model is not installed.");
};

function setUp(replaced: Partial<Pick<AskDeps, "chatModel" | "hasCollection">> = {}) {
  const truth = temporaryTruth();
  const threads = createThreadStore(truth);
  const attachments = createAttachmentStore(truth);
  const told = createToldHistory();
  const provider = localProvider({
    host: createFakeGeneration(),
    resolveGguf: async (name) => ({ path: `/models/${name}`, trainContextTokens: 0 }),
    threads: () => 1,
    sequences: 1,
    contextTokens: () => 4096,
  });
  const deps = {
    threads,
    attachments,
    told,
    counter: createTokenCounter(),
    chatModel: provider,
    collectionIds: (named: readonly string[]) => [...named],
    hasCollection: () => true,
    settings: { model: () => "default", effort: () => "normal" as const, contextTokens: () => 4096 },
    ...replaced,
  } as unknown as AskDeps;
  const preview = (more: Partial<Parameters<typeof contextOf>[1]> = {}) =>
    contextOf(deps, { question: "How tall is the tower?", ...more }, new AbortController().signal);
  const converse = (thread: string, count: number, words = 20) => {
    for (let n = 0; n < count; n += 1) {
      const turn = threads.ask(`question ${n}`, { thread, parent: undefined, collections: [], model: "m" });
      threads.finish(thread, turn.answer, { state: "complete", text: "word ".repeat(words).trim() });
    }
  };
  return { threads, attachments, told, preview, converse };
}

const file = (thread: string, text: string): StoredAttachment => ({
  id: "0190a0b0-0000-7000-8000-000000000001",
  thread,
  collection: undefined,
  name: "notes.txt",
  type: "txt",
  bytes: text.length,
  pages: 1,
  path: "/notes.txt",
  text,
  length: text.length,
});
const kinds = ({ parts }: { parts: { kind: string }[] }) => parts.map(({ kind }) => kind);

describe("the context of the next question, without a model", () => {
  // Catches a preview that fails for want of a model: the person could not even see what would be told to one.
  it("is estimated by length, and says so", async () => {
    const { preview, threads, attachments, converse } = setUp({ chatModel: missing });
    const { id: thread } = threads.create([], { systemPrompt: "Be brief.", model: "not-there" });
    attachments.add(file(thread, "The lamp is red. ".repeat(20)));
    converse(thread, 2);
    const context = await preview({ thread });
    expect(context).toMatchObject({ model: "not-there", contextTokens: 4096, counted: "estimate" });
    expect(kinds(context)).toEqual(["system", "attachment", "history", "question", "answer"]);
    for (const { tokens } of context.parts) expect(tokens).toBeGreaterThan(0);
  });

  it("has the context of the thread's own settings", async () => {
    const { preview, threads } = setUp({ chatModel: missing });
    const { id: thread } = threads.create([], { contextTokens: 1024 });
    expect(await preview({ thread })).toMatchObject({ contextTokens: 1024, model: "default" });
    expect(await preview({ thread, model: "other" })).toMatchObject({ model: "other" });
  });

  it("of a question of sources tells what would be read at most", async () => {
    const { preview } = setUp({ chatModel: missing });
    const context = await preview({ collections: ["c"] });
    expect(kinds(context)).toEqual(["system", "sources", "question"]);
    expect(context.parts.find(({ kind }) => kind === "sources")).toMatchObject({ tokens: 110, searched: true });
  });

  // Catches any other failure that is hidden as if only the model were missing.
  it.each(["NOT_FOUND", "MODEL_INVALID", "MEMORY_LOW"] as const)("fails with %s as before", async (code) => {
    const { preview } = setUp({
      chatModel: async () => {
        throw new AppError(code, "It failed.");
      },
    });
    await expect(preview()).rejects.toMatchObject({ code });
  });

  it("of a thread that is not there fails", async () => {
    const { preview } = setUp({ chatModel: missing });
    await expect(preview({ thread: "0190a0b0-0000-7000-8000-00000000dead" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("the context of a long conversation", () => {
  // Catches a tray that promises a history which the cold model will not be told.
  it("is told from later on while nothing is evaluated, and from where it was told before afterwards", async () => {
    const { preview, threads, converse } = setUp({ chatModel: missing });
    const { id: thread } = threads.create([], {});
    converse(thread, 40, 60);
    const history = (await preview({ thread })).parts.find(({ kind }) => kind === "history");
    expect(history?.leftOut).toBeGreaterThan(0);
    expect(history?.tokens).toBeLessThanOrEqual(1200);
    // Who sets the context of a conversation wants it read.
    threads.setSettings(thread, { contextTokens: 8192 });
    expect((await preview({ thread })).parts.find(({ kind }) => kind === "history")?.leftOut).toBe(0);
  });

  it("never is more than the context, however long it is", async () => {
    const { preview, threads, converse } = setUp({ chatModel: missing });
    for (const contextTokens of [512, 1024, 2048]) {
      const { id: thread } = threads.create([], { contextTokens });
      converse(thread, 30, 80);
      const { parts } = await preview({ thread });
      expect(parts.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(contextTokens);
    }
  });

  it("follows the branch that is asked at", async () => {
    const { preview, threads, converse } = setUp({ chatModel: missing });
    const { id: thread } = threads.create([], {});
    converse(thread, 3);
    expect(kinds(await preview({ thread, parent: null }))).not.toContain("history");
    const [, first] = threads.messages(thread);
    const whole = (await preview({ thread })).parts.find(({ kind }) => kind === "history")?.tokens ?? 0;
    const part = (await preview({ thread, parent: first?.id ?? null })).parts.find(({ kind }) => kind === "history")?.tokens ?? 0;
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(whole);
  });
});

describe("collections in the context", () => {
  // Catches a removed collection that still counts as a source.
  it("that were removed are none", async () => {
    const { preview, threads } = setUp({ hasCollection: () => false });
    const { id: thread } = threads.create(["0190a0b0-0000-7000-8000-0000000000cc"], {});
    expect(kinds(await preview({ thread }))).not.toContain("sources");
  });

  it("have attached files searched instead of told", async () => {
    const { preview, threads, attachments } = setUp();
    const { id: thread } = threads.create([], {});
    attachments.add(file(thread, "The lamp is red."));
    const { parts } = await preview({ thread, collections: ["c"] });
    expect(parts.find(({ kind }) => kind === "attachment")).toMatchObject({ tokens: 0, searched: true });
  });
});
