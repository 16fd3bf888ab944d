import { expect, test, vi } from "vitest";
import type { Answer, AskItem } from "../../../src/shared/contract/chat.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { createAsks, newThread } from "../../../src/renderer/features/chat/asking/asks.ts";
import { announce, isFromModelAlone } from "../../../src/renderer/features/chat/asking/ask-state.ts";
import { messages } from "../../../src/renderer/features/chat/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const say = wordsIn(messages, "en");

const request = { question: "Who?", collections: ["c"] };
const answer = { answer: "Ada built it.", thread: "t1", message: "m1", citations: [], refused: false } as unknown as Answer;
const items: AskItem[] = [
  { type: "sources", seq: 0, thread: "t1", message: "m1", passages: [], matched: 3 },
  { type: "token", seq: 1, text: "Ada " },
  { type: "token", seq: 2, text: "built" },
  { type: "done", seq: 3, answer },
];

/** Asks whose stream is written by the test, item by item. */
function setUp() {
  const settled = vi.fn<() => void>();
  const queue: AskItem[] = [];
  let wake = () => {};
  let ended: unknown;
  let signal: AbortSignal | undefined;
  const asks = createAsks({
    schedule: (paint) => paint(),
    onSettled: settled,
    async ask(_, given) {
      signal = given;
      given.addEventListener("abort", () => wake());
      return (async function* () {
        for (;;) {
          const item = queue.shift();
          if (given.aborted) throw new AppError("ABORTED", "Stopped.");
          if (item) yield item;
          else if (ended instanceof Error) throw ended;
          else if (ended !== undefined) return;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      })();
    },
  });
  const put = async (...more: AskItem[]) => {
    queue.push(...more);
    wake();
    await vi.waitFor(() => expect(queue).toEqual([]));
    await Promise.resolve();
  };
  return { asks, put, settled, end: (how: unknown) => ((ended = how), wake()), signal: () => signal };
}

test("a question in a new thread moves to the thread it is given, once, and stays whole there", async () => {
  const { asks, put, end, settled } = setUp();
  const threads: string[] = [];
  asks.onThread((thread) => threads.push(thread));
  const over = asks.start(request);
  expect(asks.of(newThread)?.phase).toBe("asking");
  await put(...items.slice(0, 3));
  expect(asks.of(newThread)).toBeUndefined();
  expect(asks.of("t1")).toMatchObject({ phase: "answering", text: "Ada built", matched: 3 });
  await put(...items.slice(3));
  end("over");
  await over;
  expect(threads).toEqual(["t1"]);
  expect(asks.of("t1")).toMatchObject({ phase: "done", text: "Ada built it." });
  expect(asks.byMessage("m1")).toBe(asks.of("t1"));
  expect(settled).toHaveBeenCalledOnce();
});

test("stopping aborts the call and keeps what was written", async () => {
  const { asks, put, signal } = setUp();
  const over = asks.start(request);
  await put(...items.slice(0, 3));
  asks.stop("t1");
  await over;
  expect(signal()?.aborted).toBe(true);
  expect(asks.of("t1")).toMatchObject({ phase: "stopped", text: "Ada built" });
});

test("a failure keeps what was written and says what failed", async () => {
  const { asks, put, end } = setUp();
  const over = asks.start(request);
  await put(...items.slice(0, 2));
  end(new AppError("MEMORY_LOW", "No memory.", { hint: "A smaller model." }));
  await over;
  expect(asks.of("t1")).toMatchObject({ phase: "failed", text: "Ada ", problem: { code: "MEMORY_LOW", hint: "A smaller model." } });
});

test("a stream that ends without an answer is a failure, not an answer", async () => {
  const { asks, put, end } = setUp();
  const over = asks.start(request);
  await put(...items.slice(0, 2));
  end("over");
  await over;
  expect(asks.of("t1")?.phase).toBe("failed");
});

test("a second question in a new thread takes the place of the first and is not overwritten by it", async () => {
  const { asks, put } = setUp();
  void asks.start(request);
  await Promise.resolve();
  void asks.start({ question: "And then?", collections: [] });
  await put();
  expect(asks.of(newThread)?.request.question).toBe("And then?");
});

test("each phase is announced once in words, not every token", () => {
  const ask = { known: 0, request: { question: "q", collections: ["c"] }, passages: [], matched: 0, text: "one two", citations: [] };
  expect(announce(undefined, say)).toBe("");
  expect(announce({ ...ask, phase: "asking" }, say)).toBe("Searching your sources");
  expect(announce({ ...ask, phase: "answering" }, say)).toBe(announce({ ...ask, phase: "answering", text: "more words than before" }, say));
  expect(announce({ ...ask, phase: "done", answer }, say)).toBe("Done, 2 words, 0 citations");
});

test("an answer is from the model alone only when nothing was read for it, and a refusal never is", () => {
  const plain = { refused: false, read: { passages: 0, matched: 0 }, citations: [] };
  expect(isFromModelAlone(plain)).toBe(true);
  expect(isFromModelAlone({ ...plain, read: { passages: 2, matched: 4 } })).toBe(false);
  expect(isFromModelAlone({ ...plain, refused: true })).toBe(false);
});
