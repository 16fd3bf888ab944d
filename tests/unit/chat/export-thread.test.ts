import { describe, expect, it } from "vitest";
import type { Answer, Message, Thread } from "../../../src/shared/contract/chat.ts";
import { toMarkdown } from "../../../src/main/features/chat/threads/export-thread.ts";

const id = "0190a0b0-0000-7000-8000-000000000000";
const thread: Thread = {
  id,
  title: "Kell\nPoint",
  titled: "rule",
  collections: [],
  settings: {},
  leaf: id,
  messages: 2,
  createdAt: 0,
  updatedAt: 0,
};
const citation = (n: number, quote: string): Answer["citations"][number] => ({
  n,
  document: { id, title: "Notes", path: "/docs/notes.md" },
  chunk: { id, textHash: "0".repeat(64), start: 0, end: 10 },
  quote,
  quoteStart: 0,
  quoteEnd: quote.length,
  page: 2,
});
const answer = (text: string, citations: Answer["citations"]): Answer => ({
  question: "q",
  thread: id,
  message: id,
  model: "m",
  answer: text,
  refused: false,
  evidenceScore: 1,
  sentences: [{ text, start: 0, end: text.length, citations: citations.map(({ n }) => n), verdict: "supported" }],
  citations,
  usage: { promptTokens: 1, completionTokens: 1 },
  timings: { load: 0, retrieval: 0, sources: 0, firstToken: 0, total: 0 },
  read: { passages: 1, matched: 1 },
});
const message = (role: Message["role"], text: string, given?: Answer): Message => ({
  id,
  parent: null,
  role,
  text,
  state: "complete",
  createdAt: 0,
  ...(given ? { answer: given } : {}),
});

describe("export to Markdown", () => {
  it("numbers footnotes through the whole thread and quotes their sources", () => {
    const markdown = toMarkdown(thread, [
      message("user", "First?"),
      message("assistant", "One.", answer("One.", [citation(1, "one\nquote")])),
      message("user", "Second?"),
      message("assistant", "Two.", answer("Two.", [citation(1, "two"), citation(2, "three")])),
    ]);
    expect(markdown).toBe(
      [
        "# Kell Point",
        "## First?",
        "One.[^1]",
        "## Second?",
        "Two.[^2][^3]",
        "[^1]: “one quote” — Notes, /docs/notes.md, page 2",
        "[^2]: “two” — Notes, /docs/notes.md, page 2",
        "[^3]: “three” — Notes, /docs/notes.md, page 2",
        "",
      ]
        .join("\n\n")
        .replace(/\n\n$/, "\n"),
    );
  });

  it("keeps a stopped answer as it is", () => {
    expect(toMarkdown(thread, [message("user", "q"), message("assistant", "half an ans")])).toContain("half an ans");
  });
});
