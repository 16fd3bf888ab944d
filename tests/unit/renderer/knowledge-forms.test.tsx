import { describe, expect, test } from "vitest";
import type { Job } from "../../../src/shared/contract/jobs.ts";
import { jobStates } from "../../../src/shared/contract/jobs.ts";
import type { Collection, FileStatus, SourcePreview } from "../../../src/shared/contract/knowledge.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { jobsInput } from "../../../src/renderer/api/live.ts";
import { CollectionJobs } from "../../../src/renderer/features/knowledge/collection-jobs.tsx";
import { CreateCollection } from "../../../src/renderer/features/knowledge/create-collection.tsx";
import { messages } from "../../../src/renderer/features/knowledge/messages.ts";
import { PlaygroundColumn } from "../../../src/renderer/features/knowledge/search/playground-column.tsx";
import { PreviewCounts } from "../../../src/renderer/features/knowledge/sources/preview-counts.tsx";
import type { ProblemGroup } from "../../../src/renderer/features/knowledge/report/problem-groups.ts";
import { ProblemRow } from "../../../src/renderer/features/knowledge/report/problem-row.tsx";
import { DeletedQuote, isDeleted } from "../../../src/renderer/features/reader/deleted-quote.tsx";
import { PageField } from "../../../src/renderer/features/reader/page-field.tsx";
import { defineMessages, languages, wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { disabledButton } from "../../helpers/batch-results.ts";
import { hostileTexts, isHarmless, markupOf, passageOf, silentCroft, wordsOf } from "../../helpers/markup.tsx";
import { seeded } from "../../helpers/random-text.ts";

const say = wordsIn(messages, "en");
const nothing = () => {};

const collection: Collection = { id: "c", name: "Deeds", embedder: "e", documents: 1, chunks: 1, sources: 1, bytes: 1, createdAt: 0 };

describe("what rules would index", () => {
  const preview = (more: Partial<SourcePreview> = {}): SourcePreview => ({
    path: "/home/ada/deeds",
    files: 2,
    bytes: 3e6,
    types: [],
    leftOut: [],
    unreadable: [],
    ...more,
  });
  const shown = (of: SourcePreview) => {
    const croft = silentCroft();
    const input = { path: of.path, include: [], exclude: [] };
    croft.cache.setQueryData(croft.orpc.knowledge.previewSource.queryKey({ input }), of);
    return markupOf(<PreviewCounts path={of.path} include="" exclude="" />, { croft });
  };

  test("is counted, by type, with a word for files that have none", () => {
    const types = [
      { type: "pdf", files: 1500, bytes: 1 },
      { type: "", files: 2, bytes: 1 },
    ];
    expect(wordsOf(shown(preview({ files: 1, types })))).toBe("1 file would be indexed, 3 MB 1,500 pdf 2 without a type");
  });

  test("counts the types that it does not list", () => {
    const types = (count: number) => Array.from({ length: count }, (_, index) => ({ type: `t${index}`, files: 1, bytes: 1 }));
    expect(wordsOf(shown(preview({ types: types(13) })))).toContain("and 1 other type");
    expect(wordsOf(shown(preview({ types: types(12) })))).not.toContain("other type");
  });

  // Catches: `tc/passwd` and nothing at all, where the folder is the root of a disk or the file itself.
  test.each([
    ["/home/ada/deeds", "/home/ada/deeds/old/a.bak", "old/a.bak"],
    ["/", "/etc/a.bak", "etc/a.bak"],
    ["C:\\", "C:\\a.bak", "a.bak"],
    ["C:\\deeds", "C:\\deeds\\a.bak", "a.bak"],
    ["/home/ada/a.bak", "/home/ada/a.bak", "a.bak"],
  ])("names what is left out as it is seen from %s", (path, example, name) => {
    const words = wordsOf(shown(preview({ path, leftOut: [{ why: "type", entries: 1, examples: [example] }] })));
    expect(words).toContain(`1 ${say("whyType")} ${name}`);
  });

  test("says why for every reason that core has, in words that differ", () => {
    const all = ["not-included", "excluded", "never", "link", "type"] as const;
    const words = wordsOf(shown(preview({ leftOut: all.map((why) => ({ why, entries: 1, examples: [] })) })));
    for (const key of ["whyNotIncluded", "whyExcluded", "whyNever", "whyLink", "whyType"] as const) expect(words).toContain(say(key));
  });

  test("tells what could not be looked into", () => {
    expect(wordsOf(shown(preview({ unreadable: ["/a", "/b"] })))).toContain("2 places could not be looked into: /a");
  });

  test("is still being counted until core answered", () => {
    expect(wordsOf(markupOf(<PreviewCounts path="/x" include="" exclude="" />))).toBe("Counting files");
  });
});

describe("files that were left out for one reason", () => {
  const files = (count: number): FileStatus[] =>
    Array.from({ length: count }, (_, index) => ({ path: `/deeds/${index}.pdf`, state: "failed" }));
  const row = (more: Partial<ProblemGroup> = {}) =>
    markupOf(
      <ul>
        <ProblemRow
          collection={collection}
          group={{ code: "FILE_DAMAGED", hint: "Save it anew.", state: "failed", files: files(3), ...more }}
          sources={[]}
        />
      </ul>,
    );

  test("have a name, their code, what to do, and are listed when that is asked for", () => {
    expect(wordsOf(row())).toMatch(/^3 .* FILE_DAMAGED failed Try again Save it anew\.$/);
    expect(row()).toContain('aria-expanded="false"');
    expect(row()).not.toContain("0.pdf");
  });

  test("are tried again where they failed, not where they were left out on purpose", () => {
    expect(wordsOf(row({ state: "skipped" }))).not.toContain("Try again");
    expect(row()).toMatch(/aria-label="Try again: [^"]+"/);
  });

  test.each([
    ["FILE_ENCRYPTED", true],
    ["FILE_PASSWORD_WRONG", true],
    ["FILE_DAMAGED", false],
  ])("for %s have a field for a password: %s, which asks for nothing while it is empty", (code, asks) => {
    const markup = row({ code });
    expect(markup.includes('type="password"')).toBe(asks);
    if (asks) expect(disabledButton(markup, "Unlock")).toBe(true);
  });

  test.each(hostileTexts)("with %s as their code and hint stay text", (text) => {
    expect(isHarmless(row({ code: text, hint: text }))).toBe(true);
  });
});

describe("a column of the playground", () => {
  const column = (scores: number[], leg: "fused" | "rerank" = "fused", fused: number[] = []) =>
    markupOf(
      <PlaygroundColumn
        leg={leg}
        title="Words"
        note="1 ms"
        empty="No passage has these words."
        rows={scores.map((score, index) => {
          const before = fused[index];
          const legs =
            before === undefined ? {} : { legs: { keyword: null, vector: null, rerank: null, fused: { rank: before, score: 1 } } };
          return { passage: passageOf(index + 1, legs), rank: index + 1, score };
        })}
        marked={undefined}
        onMark={nothing}
      />,
    );
  const widths = (markup: string) => [...markup.matchAll(/width:([\d.]+)%/g)].map(([, width]) => Number(width));

  test("without a passage says so", () => {
    expect(wordsOf(column([]))).toBe("Words 1 ms No passage has these words.");
  });

  // Catches: a bar that runs out of its column, or turns into nothing a browser draws.
  test("has bars between nothing and the whole, whatever the scores are", () => {
    const random = seeded(3);
    for (let turn = 0; turn < 40; turn += 1) {
      const scores = Array.from({ length: 5 }, () => (random() - 0.5) * 10 ** Math.floor(random() * 6 - 3));
      const markup = column(scores);
      expect(markup).not.toMatch(/NaN|Infinity/);
      expect(widths(markup)).toHaveLength(5);
      for (const width of widths(markup)) expect(width >= 0 && width <= 100).toBe(true);
    }
    expect(column([0, 0])).not.toMatch(/NaN|Infinity/);
    expect(widths(column([-1, -2]))).toEqual([0, 0]);
  });

  test("says how far a passage rose or fell by being read, and nothing where it stayed", () => {
    const words = wordsOf(column([3, 2, 1], "rerank", [3, 2, 1]));
    expect(words).toContain("▲ 2");
    expect(words).toContain("▼ 2");
    expect(words.match(/[▲▼]/g)).toHaveLength(2);
  });
});

describe("the indexing under way", () => {
  const jobs = (...of: Partial<Job>[]) => {
    const croft = silentCroft();
    const job = { id: "j", kind: "knowledge.index", title: "Index", state: "running", attempts: 1, createdAt: 0 } as const;
    croft.cache.setQueryData(
      croft.orpc.jobs.list.queryKey({ input: jobsInput }),
      of.map((more, index) => ({ ...job, id: `j${index}`, progress: { done: 0, total: 1, unit: "files" }, ...more })),
    );
    return markupOf(<CollectionJobs />, { croft });
  };

  test.each(jobStates)("in state %s is shown while it can still move", (state) => {
    expect(jobs({ state }) !== "").toBe(state === "queued" || state === "running" || state === "paused");
  });

  test("is that of documents alone", () => {
    expect(jobs({ kind: "models.download" }, { kind: "knowledgeable" })).toBe("");
    expect(jobs({}, { kind: "models.download", title: "Download" })).not.toContain("Download");
  });
});

test("a collection is not made without a name", () => {
  expect(disabledButton(markupOf(<CreateCollection />), say("create"))).toBe(true);
});

describe("a document that was deleted", () => {
  const quote = (text?: string) =>
    markupOf(
      <DeletedQuote
        evidence={{ document: { id: "d", title: "T", path: "/t" }, textHash: "h", label: "1", ...(text ? { quote: text } : {}) }}
      />,
    );

  test("leaves the words that were quoted, and says when there are none", () => {
    expect(quote("The rent is due.")).toContain("<blockquote");
    expect(quote()).not.toContain("<blockquote");
    expect(wordsOf(quote())).not.toBe(wordsOf(quote("The rent is due.")).replace(" The rent is due.", ""));
  });

  test("is told by its code, not by any error", () => {
    expect(isDeleted(new AppError("NOT_FOUND", "m"))).toBe(true);
    expect(isDeleted(new AppError("CONFLICT", "m"))).toBe(false);
    expect(isDeleted({ code: "NOT_FOUND" })).toBe(false);
  });

  test.each(hostileTexts)("of which %s was quoted stays text", (text) => {
    expect(isHarmless(quote(text))).toBe(true);
  });
});

test("the page field says of how many pages, and shows where one is", () => {
  expect(markupOf(<PageField page={7} total={12} onGo={nothing} />)).toMatch(
    /value="7"[^>]*aria-label="[^"]*12|aria-label="[^"]*12[^"]*"[^>]*value="7"/,
  );
});

describe("messages with two forms", () => {
  const catalogue = defineMessages({ files: "{count} file in {name}|{count} files in {name}", last: "the last file|more files" });

  // Catches: `1 files`, `0 file`, and a count without its groups.
  test.each([
    [0, "0 files in a"],
    [1, "1 file in a"],
    [2, "2 files in a"],
    [21, "21 files in a"],
    [1.5, "1.5 files in a"],
    [1234567, "1,234,567 files in a"],
  ])("of %s are said as that number wants", (count, text) => {
    expect(wordsIn(catalogue, "en")("files", { count, name: "a" })).toBe(text);
  });

  test("are chosen by a count that is not shown, too", () => {
    const words = wordsIn(catalogue, "en");
    expect([0, 1, 2].map((count) => words("last", { count }))).toEqual(["more files", "the last file", "more files"]);
  });

  test("keep a bar that stands in a name", () => {
    expect(wordsIn(catalogue, "en")("files", { count: 1, name: "a|b {count}" })).toBe("1 file in a|b {count}");
  });

  test("take the form of many for a count that was put into words before", () => {
    expect(wordsIn(catalogue, "en")("files", { count: "1,000", name: "a" })).toBe("1,000 files in a");
  });

  test.each(languages)("in %s say the same once the turning is taken off", (language) => {
    const bare = (text: string) => text.replaceAll(/[\u202e\u202c]/g, "");
    for (const count of [0, 1, 7]) {
      const values = { count, name: "a" };
      expect(bare(wordsIn(catalogue, language)("files", values))).toBe(wordsIn(catalogue, "en")("files", values));
    }
  });
});
