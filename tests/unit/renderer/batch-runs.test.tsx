import { describe, expect, test } from "vitest";
import type { ReactNode } from "react";
import { jobStates } from "../../../src/shared/contract/jobs.ts";
import {
  type BatchResult,
  type BatchRun,
  type BatchStats,
  type Blocked,
  type ExportManifest,
  type ScanReport,
} from "../../../src/shared/contract/batch.ts";
import { Bars } from "../../../src/renderer/features/batch/run/bars.tsx";
import { BlockedList } from "../../../src/renderer/features/batch/export/blocked-list.tsx";
import { ExportStep } from "../../../src/renderer/features/batch/export/export-step.tsx";
import { DeadLetters } from "../../../src/renderer/features/batch/run/dead-letters.tsx";
import { ManifestView } from "../../../src/renderer/features/batch/export/manifest-view.tsx";
import { ReviewDone } from "../../../src/renderer/features/batch/review/review-done.tsx";
import { RunControls } from "../../../src/renderer/features/batch/run/run-controls.tsx";
import { RunList } from "../../../src/renderer/features/batch/run/run-list.tsx";
import { RunNumbers } from "../../../src/renderer/features/batch/run/run-numbers.tsx";
import { ScanReportView } from "../../../src/renderer/features/batch/input/scan-report.tsx";
import { StartBar } from "../../../src/renderer/features/batch/input/start-bar.tsx";
import { StepNav } from "../../../src/renderer/features/batch/step-nav.tsx";
import { messages } from "../../../src/renderer/features/batch/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { markupOf, silentCroft, wordsOf } from "../../helpers/markup.tsx";
import { inTestLanguage, unturnedWords } from "../../helpers/mirrored.ts";
import { runOf, resultOf, statsOf, reportOf, manifestOf, inLine, buttonNames, disabledButton } from "../../helpers/batch-results.ts";

const say = wordsIn(messages, "en");
const nothing = () => {};

describe("bars", () => {
  const bars = (values: number[]) =>
    markupOf(<Bars title="T" empty="Nothing yet." bars={values.map((of, index) => ({ title: `b${index}`, value: of }))} />);

  test("are as long as their share of the longest, and never longer than their room", () => {
    expect([...bars([5, 10, 0]).matchAll(/width:([\d.]+)%/g)].map(([, width]) => Number(width))).toEqual([50, 100, 0]);
  });

  test("of nothing but noughts divide by nothing", () => {
    expect(bars([0, 0])).not.toMatch(/NaN|Infinity/);
  });

  test("say each number, since a length cannot be heard", () => {
    expect(wordsOf(bars([1234]))).toBe("T b0 1,234");
    expect(wordsOf(bars([]))).toBe("T Nothing yet.");
  });
});

describe("what a folder holds", () => {
  const words = (more: Partial<ScanReport> = {}) => wordsOf(markupOf(<ScanReportView report={reportOf(more)} />));

  // Catches: a guess shown as if it were measured.
  test("says whether the time was measured or is a guess", () => {
    expect(words()).toContain("1 to 4 s a guess, nothing was measured yet");
    expect(words({ estimate: { low: 1000, high: 4000, learnedFrom: 1 } })).toContain("learned from 1 page here");
    expect(words({ estimate: { low: 1000, high: 4000, learnedFrom: 1500 } })).toContain("learned from 1,500 pages here");
  });

  test("counts copies without the one that is read", () => {
    const duplicates = [
      { hash: "a", paths: ["/in/a.pdf", "/in/b.pdf", "/in/c.pdf"] },
      { hash: "b", paths: ["/in/d.pdf", "/in/e.pdf"] },
    ];
    expect(words({ duplicates })).toContain("Copies 3 read once");
    expect(words({ duplicates })).toContain("a.pdf = b.pdf = c.pdf");
  });

  test("says of each file that cannot be read what is wrong and what to do", () => {
    const unreadable = [{ path: "/in/locked.pdf", code: "FILE_ENCRYPTED", message: "It is locked.", hint: "Type its password." }];
    expect(words({ unreadable })).toContain("locked.pdf It is locked. Type its password. FILE_ENCRYPTED");
  });

  // Catches: a list cut without a word, which reads as if that were all.
  test("counts what it does not list", () => {
    const unreadable = Array.from({ length: 203 }, (_, index) => ({ path: `/in/${index}.pdf`, code: "X", message: "m" }));
    expect(words({ unreadable })).toContain("and 3 more");
    expect(words({ unreadable: unreadable.slice(0, 200) })).not.toContain("more");
  });

  test("of nothing says so, and gives no time", () => {
    expect(words({ files: 0, types: [] })).toContain("No files were found there. Name another folder.");
    expect(words({ files: 0, types: [] })).not.toContain("1 to 4 s");
  });
});

describe("how far a run is", () => {
  const controls = (more: Partial<BatchRun> = {}, of?: BatchStats) =>
    markupOf(<RunControls run={runOf(more)} progress={{ done: 1, total: 3, unit: "files", note: "bill.pdf" }} stats={of} />);

  // Catches: a pause of what does not move, and a run that nobody can go on with.
  test.each([
    ["queued", ["Pause", "Cancel"]],
    ["running", ["Pause", "Cancel"]],
    ["paused", ["Go on", "Cancel"]],
    ["done", ["Read what is new"]],
    ["failed", ["Read what is new"]],
    ["cancelled", ["Read what is new"]],
  ] as const)("in state %s offers what can be done then", (state, expected) => {
    expect(buttonNames(controls({ state })).filter((name) => !["Export"].includes(name))).toEqual(expected);
  });

  test.each(jobStates)("in state %s leads to the review while there is one, else to the export, and to neither while it moves", (state) => {
    const isMoving = state === "running" || state === "queued";
    const ways = (counts: BatchRun["counts"]) => buttonNames(controls({ state, counts })).filter((name) => /^(Review|Export)/.test(name));
    expect(ways({ pending: 0, done: 1, review: 1200, dead: 0 })).toEqual(isMoving ? [] : ["Review 1,200"]);
    expect(ways({ pending: 0, done: 1, review: 0, dead: 0 })).toEqual(isMoving ? [] : ["Export"]);
    expect(ways({ pending: 0, done: 0, review: 0, dead: 2 })).toEqual([]);
  });

  test("counts documents with their copies, and what is dead as read", () => {
    expect(wordsOf(controls({ state: "running", counts: { pending: 4, done: 3, review: 2, dead: 1 }, copies: 2 }))).toContain(
      "8 of 12 documents",
    );
  });

  test("says time left, speed and file only while that is true", () => {
    const of = statsOf({ pagesPerMinute: 30, left: { low: 61_000, high: 170_000 } });
    expect(wordsOf(controls({ state: "running" }, of))).toContain("30 pages a minute · 1 to 3 min left · bill.pdf");
    expect(wordsOf(controls({ state: "paused" }, of))).not.toMatch(/left ·|bill\.pdf/);
    expect(wordsOf(controls({ state: "paused" }, of))).toContain("goes on where it stopped, also after a restart");
  });

  test("has the number of files that are read at once chosen, whichever it is", () => {
    for (let concurrency = 1; concurrency <= 16; concurrency += 1)
      expect(controls({ concurrency }).match(/<option selected="">(\d+)/)?.[1]).toBe(String(concurrency));
  });

  test("says why it failed and what to do", () => {
    const words = wordsOf(
      controls({ state: "failed", error: { code: "DISK_FULL", message: "The disk is full.", hint: "Free some space." } }),
    );
    expect(words).toContain("The disk is full. Free some space. DISK_FULL");
  });
});

describe("the numbers of a run", () => {
  const numbers = (of: Partial<BatchStats>) => wordsOf(markupOf(<RunNumbers run={runOf()} stats={statsOf(of)} />));

  // Catches: a rate of errors claimed from a sample that nobody looked at.
  test("claim a share of errors only from what was looked at", () => {
    const sample = { share: 0.05, sampled: 20, reviewed: 0, wrong: 0, errorRate: { low: 0, high: 1 } };
    expect(numbers({ sample })).not.toContain("95 %");
    expect(numbers({ sample: { ...sample, reviewed: 10, wrong: 1, errorRate: { low: 0.0018, high: 0.4044 } } })).toContain(
      "lies between 0.2 % and 40.4 % (95 %)",
    );
  });

  test("count the values below the threshold that is shown", () => {
    expect(numbers({ confidence: [1, 1, 1, 1, 1, 1, 50, 60, 70, 80] })).toContain("6 of 266 values lie below");
  });

  test("list the surest values first, in tenths", () => {
    expect(numbers({})).toMatch(/0\.9 to 1\.0 .* 0\.0 to 0\.1/);
  });

  test("say of what is empty that it is, in each part", () => {
    for (const key of ["nothingWasRead", "nothingWasFlagged", "nothingWasFinished"] as const) expect(numbers({})).toContain(say(key));
  });
});

describe("what was written", () => {
  const view = (files: string[], more?: Partial<ExportManifest>) => markupOf(<ManifestView files={files} manifest={manifestOf(more)} />);

  // Catches: the hash of `in.csv` shown beside `main.csv`, whose name ends alike.
  test("has beside each file its own size and hash, with slashes of either kind", () => {
    expect(wordsOf(view(["/out/main.csv"]))).toContain("2 kB · bbbbbbbbbbbb");
    expect(wordsOf(view(["/out/in.csv"]))).toContain("1 kB · aaaaaaaaaaaa");
    expect(wordsOf(view(["C:\\out\\main.csv"]))).toContain("2 kB · bbbbbbbbbbbb");
  });

  test("says that it was forced, and over how much that nobody looked at", () => {
    expect(wordsOf(view([], { forced: true, unreviewed: 1 }))).toContain("yes, 1 failure not reviewed");
    expect(wordsOf(view([], { forced: true, unreviewed: 12 }))).toContain("yes, 12 failures not reviewed");
    expect(wordsOf(view([]))).toContain("Forced no");
  });

  test("never names a model where rules alone decided", () => {
    expect(wordsOf(view([]))).toContain("Model rules alone");
    expect(wordsOf(view([], { model: "local:small" }))).toContain("Model local:small");
  });
});

describe("what holds an export back", () => {
  const blocked = (more: Partial<Blocked> = {}): Blocked => ({
    record: "d1",
    path: "/in/a.pdf",
    field: "total",
    rule: "sum",
    message: "No.",
    ...more,
  });

  // Catches: an Enter in the field of the path that does nothing, since the page did not know yet that nothing holds it back.
  test("is what is known: before that, core is asked", () => {
    const step = (known?: Blocked[]) => {
      const croft = silentCroft();
      const key = croft.orpc.batch.checkExport.queryKey({ input: { run: "r1" } });
      if (known) croft.cache.setQueryData(key, { documents: 3, blocked: known });
      return markupOf(<ExportStep run={runOf()} />, { croft });
    };
    expect(disabledButton(step(), "Export")).toBe(false);
    expect(disabledButton(step([]), "Export")).toBe(false);
    expect(disabledButton(step([blocked()]), "Export")).toBe(true);
  });

  test("counts documents, not failures, and leads to each where it is decided", () => {
    const markup = markupOf(<BlockedList run="r1" blocked={[blocked(), blocked({ field: "" }), blocked({ record: "d2" })]} />);
    expect(wordsOf(markup)).toContain("Rules failed in 2 documents that nobody has reviewed");
    expect(markup.match(/href="\/batch\/r1\/review\?record=d1"/g)).toHaveLength(2);
    expect(wordsOf(markup)).toContain("the document");
  });

  test("counts what it does not list", () => {
    const many = Array.from({ length: 1300 }, (_, index) => blocked({ record: `d${index}` }));
    expect(wordsOf(markupOf(<BlockedList run="r1" blocked={many} />))).toContain("and 1,100 more");
  });
});

describe("files that were not read", () => {
  const dead = (results: BatchResult[], total = results.length) => {
    const croft = silentCroft();
    croft.cache.setQueryData(croft.orpc.batch.results.queryKey({ input: { run: "r1", states: ["dead"], limit: 500 } }), { total, results });
    return markupOf(<DeadLetters run={runOf()} />, { croft });
  };
  const letter = (code: string, more: Partial<BatchResult> = {}) =>
    resultOf({ state: "dead", reason: { code, message: "It failed.", hint: "Do this.", page: 3 }, ...more });

  test("say why and what to do, each with a button of its own name", () => {
    const markup = dead([letter("FILE_DAMAGED")]);
    expect(wordsOf(markup)).toContain("It failed. Do this. FILE_DAMAGED");
    expect(markup).toContain('aria-label="Try again: bill.pdf"');
  });

  // Catches: `bill.pdfpage 3`.
  test("keep a space between the name and the page", () => {
    expect(inLine(dead([letter("PAGE_DAMAGED")]))).toContain("bill.pdf page 3");
  });

  test.each([
    ["FILE_ENCRYPTED", true],
    ["FILE_PASSWORD_WRONG", true],
    ["FILE_DAMAGED", false],
  ])("with %s ask for a password: %s", (code, asks) => {
    expect(dead([letter(code)]).includes('type="password"')).toBe(asks);
  });

  test("none: it says so and offers nothing", () => {
    expect(dead([])).not.toContain("<button");
    expect(wordsOf(dead([]))).toBe("Every file was read.");
  });

  test("count what is not listed", () => {
    expect(
      wordsOf(
        dead(
          Array.from({ length: 500 }, (_, index) => letter("X", { item: `i${index}` })),
          1700,
        ),
      ),
    ).toContain("and 1,200 more");
  });
});

describe("the list of runs", () => {
  const list = (runs: BatchRun[] | undefined) => {
    const croft = silentCroft();
    if (runs) croft.cache.setQueryData(croft.orpc.batch.listRuns.queryKey({ input: {} }), runs);
    return markupOf(<RunList />, { croft, at: "/batch/r2" });
  };

  test("marks the one that is open, says which moves, and what is to be reviewed", () => {
    const markup = list([
      runOf({ state: "running" }),
      runOf({ id: "r2", counts: { pending: 0, done: 0, review: 1500, dead: 0 }, files: 2000 }),
    ]);
    expect(wordsOf(markup)).toContain("in: invoice running 3 in: invoice 1,500 of 2,000");
    expect(markup.match(/aria-current="page"/g)).toHaveLength(1);
    expect(markup).toContain('title="1,500 to review"');
  });

  test("tells one that is empty from one that is still loading", () => {
    expect(wordsOf(list([]))).toContain("No runs yet");
    expect(wordsOf(list(undefined))).not.toContain("No runs yet");
    expect(list(undefined)).toContain("Loading runs");
  });
});

describe("the steps", () => {
  test("that need a run cannot be entered without one, and say why", () => {
    const markup = markupOf(<StepNav run={undefined} />, { at: "/batch/new/input" });
    expect([...markup.matchAll(/href="([^"]*)"/g)].map(([, to]) => to)).toEqual(["/batch/new/input", "/batch/new/recipe"]);
    expect(markup.match(/aria-disabled="true"[^>]*title="After the run was begun"/g)).toHaveLength(3);
  });

  test("of a run are all open, and the review says how much there is", () => {
    const markup = markupOf(<StepNav run={runOf({ counts: { pending: 0, done: 0, review: 1234, dead: 0 } })} />, { at: "/batch/r1/run" });
    expect(markup.match(/href=/g)).toHaveLength(5);
    expect(wordsOf(markup)).toContain("Review 1,234");
    expect(markup.match(/aria-current="page"/g)).toHaveLength(1);
  });
});

describe("the start of a run", () => {
  const bar = (paths: string[], unsaved = false, model?: string) =>
    markupOf(
      <StartBar
        run={undefined}
        draft={{ paths, recipe: { name: "invoice" }, watch: false, ...(model === undefined ? {} : { model }) }}
        change={nothing}
        unsaved={unsaved}
      />,
    );

  // Catches: a run that begins with the saved recipe while a changed one is on screen.
  test("waits for files and for a changed recipe to be saved, and says which", () => {
    expect(disabledButton(bar([]), "Run")).toBe(true);
    expect(wordsOf(bar([]))).toContain("No files were named at Input");
    expect(disabledButton(bar(["/in"], true), "Run")).toBe(true);
    expect(wordsOf(bar(["/in"], true))).toContain("The changed recipe is not saved");
    expect(disabledButton(bar(["/in"]), "Run")).toBe(false);
    expect(wordsOf(bar(["/in", "/more"]))).toContain("2 paths");
  });

  test("keeps a model chosen that is no longer installed, rather than another in its place", () => {
    expect(bar(["/in"], false, "local:gone")).toContain('<option value="local:gone" selected="">local:gone</option>');
    expect(bar(["/in"], false, "none")).toMatch(/<option value="none" selected="">/);
    expect(bar(["/in"])).toMatch(/<option value="" selected="">Model of the settings/);
  });

  test("never has a password filled in by the browser", () => {
    expect(bar([])).toMatch(/type="password"[^>]*autoComplete="new-password"|autoComplete="new-password"[^>]*type="password"/i);
  });
});

// Catches: a word of the window that stands in a view instead of a catalogue, so that no language can say it.
test.each<[string, () => ReactNode, string[]]>([
  [
    "a report of a scan",
    () => (
      <ScanReportView
        report={reportOf({
          unreadable: [{ path: "/in/locked.pdf", code: "X", message: "It is locked." }],
          duplicates: [{ hash: "a", paths: ["/in/a.pdf", "/in/b.pdf"] }],
          files: 0,
        })}
      />
    ),
    ["application/pdf", "locked.pdf", "a.pdf", "b.pdf", "It is locked.", "/in/"],
  ],
  [
    "a manifest",
    () => <ManifestView files={["/out/in.csv"]} manifest={manifestOf()} />,
    ["/out/in.csv", "invoice", "aaaaaaaaaaaa", "a".repeat(64), "ffffffffffff"],
  ],
  ["a run's controls", () => <RunControls run={runOf({ state: "failed" })} progress={undefined} stats={statsOf()} />, []],
  [
    "the start",
    () => <StartBar run={undefined} draft={{ paths: [], recipe: { name: "invoice" }, watch: false }} change={nothing} unsaved />,
    [],
  ],
  ["the steps", () => <StepNav run={undefined} />, []],
  ["the end of the review", () => <ReviewDone run={runOf()} />, []],
  ["the list of runs", () => <RunList />, []],
])("every word of %s comes from a catalogue", (_, view, data) => {
  expect(inTestLanguage(() => unturnedWords(markupOf(view()), data))).toEqual([]);
});
