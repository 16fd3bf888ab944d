import { describe, expect, it } from "vitest";
import { isChanging, timeToEmbed } from "../../../src/renderer/features/knowledge/change-embedder.tsx";
import { filterFiles, languagesOf } from "../../../src/renderer/features/knowledge/documents/filter-files.ts";
import { toLanguages, toPaths, toPatterns } from "../../../src/renderer/features/knowledge/sources/patterns.ts";
import { legTime, moved, ranking } from "../../../src/renderer/features/knowledge/search/playground-columns.ts";
import {
  holds,
  isLocked,
  problemGroups,
  problemTitle,
  unreachable,
} from "../../../src/renderer/features/knowledge/report/problem-groups.ts";
import { sortFiles } from "../../../src/renderer/features/knowledge/documents/sort-files.ts";
import { rulesOf } from "../../../src/renderer/features/knowledge/sources/source-list.tsx";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import type { FileStatus } from "../../../src/shared/contract/knowledge.ts";
import type { Passage } from "../../../src/shared/contract/search.ts";
import { messages } from "../../../src/renderer/features/knowledge/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const say = wordsIn(messages, "en");

const file = (path: string, more: Partial<FileStatus> = {}): FileStatus => ({ path, state: "indexed", ...more });

describe("the order of files", () => {
  const files = [
    file("/m/a.eml", { pages: 1 }),
    file("/m/a.eml › z.zip", { pages: 9 }),
    file("/m/a.eml › b.pdf"),
    file("/m/b.txt", { pages: 4 }),
  ];
  const names = (...sort: Parameters<typeof sortFiles>) => sortFiles(...sort).map(({ name, depth }) => `${"-".repeat(depth)}${name}`);

  // Catches attachments that leave their mail when the table is sorted, or that bear the mail's name.
  it("keeps what lies in a mail under it, each level in the order that is wanted", () => {
    expect(names(files, { by: "path", down: false })).toEqual(["a.eml", "-b.pdf", "-z.zip", "b.txt"]);
    expect(names(files, { by: "pages", down: true })).toEqual(["b.txt", "a.eml", "-z.zip", "-b.pdf"]);
    const nested = [...files, file("/m/a.eml › z.zip › deep.md")];
    expect(names(nested, { by: "name", down: true })).toEqual(["b.txt", "a.eml", "-z.zip", "--deep.md", "-b.pdf"]);
  });

  // Catches a file on disk with the sign in its name that is taken for an attachment, and one whose mail is filtered away that is lost.
  it("shows at the top what lies in nothing that is listed", () => {
    expect(names([file("/m/a › b.txt")], { by: "path", down: false })).toEqual(["a › b.txt"]);
    expect(names(filterFiles(files, { text: "z.zip", state: undefined }), { by: "path", down: false })).toHaveLength(1);
  });

  // Catches a sort in which what has no value stands first as soon as it is turned round.
  it("puts what has no value last, whichever way", () => {
    const some = [file("a", { language: "en" }), file("b"), file("c", { language: "de" })];
    expect(names(some, { by: "language", down: false })).toEqual(["c", "a", "b"]);
    expect(names(some, { by: "language", down: true })).toEqual(["a", "c", "b"]);
    expect(names([file("x"), file("y", { state: "failed" })], { by: "state", down: false })).toEqual(["y", "x"]);
  });
});

describe("filters", () => {
  const files = [
    file("a.pdf", { language: "de", waitingPages: 2 }),
    file("b.pdf", { language: "en", unavailable: true }),
    file("c.md", { language: "en" }),
  ];
  // Catches a count that opens another list than its own.
  it("find files by what they wait for, where they lie and their language", () => {
    const paths = (filter: Parameters<typeof filterFiles>[1]) => filterFiles(files, filter).map(({ path }) => path);
    expect(paths({ text: "", state: "waiting" })).toEqual(["a.pdf"]);
    expect(paths({ text: "", state: "unavailable" })).toEqual(["b.pdf"]);
    expect(paths({ text: "PDF", state: "indexed", language: "en" })).toEqual(["b.pdf"]);
    expect(languagesOf(files)).toEqual(["en", "de"]);
  });
});

describe("problems", () => {
  const failed = (path: string, code: string, state: "failed" | "skipped" = "failed") =>
    file(path, { state, reason: { code, message: `${path} ${code}` } });
  // Catches one reason split over many rows, skipped files before failures, and a reason nobody knows that is dropped.
  it("are grouped by reason, failures first, larger groups before smaller", () => {
    const groups = problemGroups([
      failed("a", "FILE_TYPE_UNSUPPORTED", "skipped"),
      failed("b", "FILE_TYPE_UNSUPPORTED", "skipped"),
      failed("c", "FILE_ENCRYPTED"),
      failed("d", "NEW_CODE"),
      failed("e", "NEW_CODE"),
      file("f", { state: "failed" }),
      file("g"),
    ]);
    expect(groups.map((group) => [problemTitle(group, say), group.files.length])).toEqual([
      ["new code", 2],
      ["Locked with a password", 1],
      ["unknown", 1],
      ["No reader for this type", 2],
    ]);
    expect(groups.filter(isLocked).map(({ code }) => code)).toEqual(["FILE_ENCRYPTED"]);
  });

  // Catches a password given to a neighbour whose name only begins alike.
  it("belong to the source they lie below", () => {
    expect(holds("/a/b", "/a/b/c.pdf")).toBe(true);
    expect(holds("/a/b/", "/a/b/c.pdf")).toBe(true);
    expect(holds("C:\\a", "C:\\a\\c.pdf")).toBe(true);
    expect(holds("/a/m.eml", "/a/m.eml › c.pdf")).toBe(true);
    expect(holds("/a/b", "/a/bc/c.pdf")).toBe(false);
    expect(unreachable([{ path: "/a" }, { path: "/b" }], [file("/a/1", { unavailable: true }), file("/a/2"), file("/b/1")])).toEqual([
      { path: "/a", files: 1, all: false },
    ]);
  });
});

describe("rules as they are typed", () => {
  // Catches a pattern cut at the comma inside its braces, and blank lines that match nothing.
  it("are split at lines and commas, never inside braces", () => {
    expect(toPatterns("*.{md,txt}, drafts/**\n\n *.bak ")).toEqual(["*.{md,txt}", "drafts/**", "*.bak"]);
    expect(toPatterns("{open\nnext, last")).toEqual(["{open", "next", "last"]);
    expect(toPatterns("")).toEqual([]);
    expect(toLanguages("eng, deu+fra")).toEqual(["eng", "deu", "fra"]);
    expect(toPaths('"C:\\my files\\a.pdf"\r\n/b c/d \n')).toEqual(["C:\\my files\\a.pdf", "/b c/d"]);
  });

  it("are said in one line", () => {
    const plain = { id: "x", kind: "path" as const, path: "/a", include: [], exclude: [], watch: false, reading: {}, hasPassword: false };
    expect(rulesOf(plain, say)).toBe("all files · looked at when asked");
    expect(
      rulesOf(
        {
          ...plain,
          include: ["*.md"],
          exclude: ["x/**"],
          watch: true,
          hasPassword: true,
          reading: { ocr: "never", languages: ["deu"] },
        },
        say,
      ),
    ).toBe("only *.md · not x/** · no page recognised · in German · with a password · watched");
  });
});

describe("the columns of a ranking", () => {
  const passage = (id: string, legs: NonNullable<Passage["legs"]>): Passage => ({
    rank: 1,
    score: 1,
    document: { id, title: id },
    chunk: { id, textHash: "", start: 0, end: 1, heading: "" },
    text: id,
    legs,
  });
  const at = (rank: number) => ({ rank, score: 1 / rank });
  const results = [
    passage("a", { keyword: at(2), vector: null, fused: at(3), rerank: at(1) }),
    passage("b", { keyword: null, vector: at(1), fused: at(1), rerank: at(2) }),
    passage("c", { keyword: at(1), vector: at(2), fused: at(2), rerank: null }),
  ];
  // Catches columns in the final order, and passages shown in a leg that never found them.
  it("hold what their leg found, in its order", () => {
    const ids = (leg: Parameters<typeof ranking>[1]) => ranking(results, leg).map(({ passage: { chunk } }) => chunk.id);
    expect([ids("keyword"), ids("vector"), ids("fused"), ids("rerank")]).toEqual([
      ["c", "a"],
      ["b", "c"],
      ["b", "c", "a"],
      ["a", "b"],
    ]);
    expect(ranking(results, "rerank").map((row) => moved(row, "rerank"))).toEqual([2, -1]);
    expect(ranking(results, "vector").map((row) => moved(row, "vector"))).toEqual([undefined, undefined]);
    expect(ranking([passage("x", { keyword: null, vector: null, rerank: null })], "fused")).toEqual([]);
  });

  it("tell their own time", () => {
    const timings = { load: 500, embed: 8, keyword: 2, vector: 3, rerank: 40, total: 60 };
    expect((["keyword", "vector", "fused", "rerank"] as const).map((leg) => legTime({ timings }, leg))).toEqual([2, 11, undefined, 40]);
  });
});

// Catches a promise of time where nothing was measured, and a division by nothing.
it("the time for another embedder is told only where its speed was measured", () => {
  expect(timeToEmbed(1000, undefined, say)).toBeUndefined();
  expect(timeToEmbed(1000, { textsPerSecond: 0 }, say)).toBeUndefined();
  expect(timeToEmbed(100, { textsPerSecond: 24 }, say)).toBe("less than a minute");
  expect(timeToEmbed(24 * 60 * 10, { textsPerSecond: 24 }, say)).toBe("about 10 minutes");
  expect(timeToEmbed(24 * 3600 * 2, { textsPerSecond: 24 }, say)).toBe("about 2 hours");
});

// Catches: a change that is known by the English of its title, and one of another collection taken for this one's.
it("a change of the embedding model is known by its kind and its collection, whatever it is called", () => {
  const own = "018f0000-0000-7000-8000-000000000001";
  const job: Job = {
    id: "018f0000-0000-7000-8000-000000000002",
    kind: "knowledge.embedder",
    title: "Passagen neu einbetten",
    collection: own,
    state: "running",
    progress: { done: 0, total: 0, unit: "" },
    attempts: 1,
    createdAt: 0,
  };
  expect(isChanging(job, own)).toBe(true);
  expect(isChanging({ ...job, collection: job.id }, own)).toBe(false);
  expect(isChanging({ ...job, kind: "knowledge.index" }, own)).toBe(false);
  expect(isChanging({ ...job, state: "done" }, own)).toBe(false);
});
