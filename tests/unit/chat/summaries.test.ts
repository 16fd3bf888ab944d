import { describe, expect, it } from "vitest";
import { sectionsOf, sentencesIn } from "../../../src/main/features/chat/summary/document-sections.ts";
import { linesOf, verifiedNotes } from "../../../src/main/features/chat/summary/notes.ts";
import { createProgress } from "../../../src/main/features/chat/progress.ts";
import { isCalled, isPartOfName, summaryRequest } from "../../../src/main/features/chat/summary/summary-request.ts";
import type { StreamItem, Turn } from "../../../src/main/features/chat/turn.ts";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { passage } from "../../helpers/passages.ts";

describe("a request for a summary", () => {
  // Catches a document that is read section by section for a question that only looks like a request, and the other way round.
  it.each([
    ["Summarise the lease agreement", "lease agreement"],
    ["Please summarize lease.pdf.", "lease.pdf"],
    ["Can you sum up this document?", ""],
    ["Give me a summary of “Minutes of May”", "Minutes of May"],
    ["What are the main points of the annual report?", "annual report"],
    ["tl;dr", ""],
    ["Summarise it in three sentences", ""],
    ["Fasse den Mietvertrag zusammen", "Mietvertrag"],
    ["Bitte fasse dieses Dokument kurz zusammen.", ""],
    ["Eine Zusammenfassung von Bericht.docx bitte", "Bericht.docx"],
  ])("%s names %j", (question, name) => {
    expect(summaryRequest(question)).toEqual({ name });
  });
  it.each(["Who summarised the talks?", "What is in the lease?", "List all keepers", "Warum wurde er zusammengelegt?", ""])(
    "is not what this is: %s",
    (question) => {
      expect(summaryRequest(question)).toBeUndefined();
    },
  );

  // Catches a pattern that takes seconds over a pasted text.
  it("is seen at once in a long text", () => {
    expect(summaryRequest(`${"a summary ".repeat(20_000)}`)).toBeUndefined();
    expect(summaryRequest(`Summarise ${"the ".repeat(5_000)}lease`)).toEqual({ name: "lease" });
  });
});

describe("the document that is named", () => {
  const lease = { title: "Lease agreement 2023", path: "contracts/lease-holm.pdf" };
  // Catches another document summed up because one word agrees.
  it("is known by its title or its file, in any case and order", () => {
    expect(isCalled("agreement lease 2023", lease)).toBe(true);
    expect(isCalled("Lease-Holm.PDF", lease)).toBe(true);
    expect(isCalled("lease holm", lease)).toBe(true);
    expect(isCalled("lease", lease)).toBe(false);
    expect(isPartOfName("lease", lease)).toBe(true);
    expect(isPartOfName("lease of Kell", lease)).toBe(false);
    expect(isPartOfName("", lease)).toBe(false);
  });
});

const text = "One is first. Two is second. Three is third. Four is fourth.";
const at = (rank: number, start: number, end: number, heading: string) => {
  const whole = passage(rank, "Numbers", text);
  return { ...whole, text: text.slice(start, end), chunk: { ...whole.chunk, textHash: "a".repeat(64), start, end, heading } };
};

describe("sections of a document", () => {
  const passages = [at(1, 0, 28, "A"), at(2, 14, 44, "A"), at(3, 45, 60, "B")];

  // Catches a passage that no section holds: a summary would claim to have read it.
  it.each([1, 20, 30, 45, 60, 1000])("hold every passage once, in order, at %i units", (units) => {
    expect(sectionsOf(passages, units).flatMap((section) => section.passages)).toEqual(passages);
  });

  // Catches sections cut in the middle of a heading's text where there is room, and headings thrown together when there is none.
  it("keep a heading together and begin at headings", () => {
    expect(sectionsOf(passages, 44).map(({ heading }) => heading)).toEqual(["A", "B"]);
    expect(sectionsOf(passages, 1000).map((section) => section.passages.length)).toEqual([3]);
    expect(sectionsOf([], 10)).toEqual([]);
  });

  // Catches a sentence told twice because passages overlap, and one that points outside of its text.
  it("give each sentence once, with the passage it stands in", () => {
    const [section] = sectionsOf(passages, 1000);
    const sentences = section ? sentencesIn(section, () => text) : [];
    expect(sentences.map((sentence) => sentence.text)).toEqual(["One is first.", "Two is second.", "Three is third.", "Four is fourth."]);
    expect(sentences.map((sentence) => sentence.passage.rank)).toEqual([1, 1, 2, 3]);
    for (const { start, end, text: words } of sentences) expect(text.slice(start, end)).toBe(words);
  });
});

describe("notes", () => {
  const section = sectionsOf([at(1, 0, 60, "A")], 1000)[0];
  const sentences = section ? sentencesIn(section, () => text) : [];

  // Catches markers that become words, and a line told twice.
  it("are the lines of a list without their markers", () => {
    expect(linesOf("- One\n2. Two\n* One\n\n---\n• Three  x\nFour")).toEqual(["One", "Two", "Three x", "Four"]);
    expect(linesOf(`- ${"x".repeat(5_000)}`)[0]).toHaveLength(400);
  });

  // Catches what a model made up in a summary that claims to cite.
  it("that do not stand in the text are left out; with none left its first sentence stays", async () => {
    const english = await loadLanguage("en");
    expect(verifiedNotes(["Two is second.", "Elephants dance."], sentences, english)).toEqual([
      { text: "Two is second.", cites: [sentences[1]] },
    ]);
    expect(verifiedNotes(["Elephants dance."], sentences, english)).toEqual([{ text: "One is first.", cites: [sentences[0]] }]);
    expect(verifiedNotes(["Elephants dance."], [], english)).toEqual([]);
  });
});

describe("progress", () => {
  /** What is told when the clock shows these milliseconds. */
  function told(times: number[], readTokens: number[], tokensPerSecond?: number): StreamItem[] {
    const items: StreamItem[] = [];
    const clock = [...times];
    const turn = { put: (item: StreamItem) => void items.push(item), deps: { now: () => clock.shift() ?? 0 } };
    const progress = createProgress(turn as unknown as Turn, readTokens.length, { readTokens, writtenTokens: 20, tokensPerSecond });
    for (const _ of readTokens) progress.step();
    return items;
  }

  // Catches an estimate that ignores the measured speed, and one that does not learn from what was done.
  it("is estimated by the speed of reading, then by what it took", () => {
    expect(told([0, 6_000, 12_000], [200, 200], 100)).toMatchObject([
      { done: 0, total: 2, leftMs: 6_000 },
      { done: 1, total: 2, leftMs: 6_000 },
      { done: 2, total: 2, leftMs: 0 },
    ]);
    expect(told([0], [200, 200], 50)[0]).toMatchObject({ leftMs: 10_000 });
  });
});
