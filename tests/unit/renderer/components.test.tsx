import { FileText } from "lucide-react";
import { describe, expect, test, vi } from "vitest";
import { fileStates } from "../../../src/shared/contract/knowledge.ts";
import { jobStates } from "../../../src/shared/contract/jobs.ts";
import { AppError, errorCodes, isErrorCode } from "../../../src/shared/errors.ts";
import { Button } from "../../../src/renderer/components/button.tsx";
import { classNames } from "../../../src/renderer/components/class-names.ts";
import { SelectField, TextField } from "../../../src/renderer/components/field.tsx";
import { fileName, formatBytes, formatCount, formatDuration, formatNumber } from "../../../src/renderer/components/format.ts";
import { IconButton } from "../../../src/renderer/components/icon-button.tsx";
import { EmptyState, ErrorNotice } from "../../../src/renderer/components/notice.tsx";
import { PageHeader } from "../../../src/renderer/components/page-header.tsx";
import { PassageRow, passagePlace } from "../../../src/renderer/components/passage-row.tsx";
import { problemName } from "../../../src/renderer/components/problem-name.ts";
import { ProgressBar } from "../../../src/renderer/components/progress-bar.tsx";
import { SideList } from "../../../src/renderer/components/side-list.tsx";
import { SkeletonRows } from "../../../src/renderer/components/skeleton.tsx";
import type { StateName } from "../../../src/renderer/components/state-word.tsx";
import { StateWord } from "../../../src/renderer/components/state-word.tsx";
import { useAppearance } from "../../../src/renderer/view/appearance-store.ts";
import { useLayout } from "../../../src/renderer/view/layout-store.ts";
import { hostileTexts, isHarmless, markupOf, passageOf, withInitial, wordsOf } from "../../helpers/markup.tsx";
import { messages } from "../../../src/renderer/components/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";

const say = wordsIn(messages, "en");

const nothing = () => {};

describe("a state", () => {
  const states: [StateName, string][] = [
    ["indexed", "Ready"],
    ["pending", "Waiting"],
    ["skipped", "Skipped"],
    ["failed", "Failed"],
    ["unavailable", "Not reachable"],
    ["queued", "Queued"],
    ["running", "Running"],
    ["paused", "Paused"],
    ["done", "Done"],
    ["cancelled", "Cancelled"],
    ["installed", "Installed"],
    ["partial", "Incomplete"],
    ["missing", "Not installed"],
  ];

  test.each(states)("%s is an icon and the word %s, so that no colour has to be seen", (state, word) => {
    const markup = markupOf(<StateWord state={state} />);
    expect(wordsOf(markup)).toBe(word);
    expect(markup.match(/<svg\b/g)).toHaveLength(1);
    expect(markup).toMatch(/<svg[^>]*aria-hidden="true"/);
  });

  test("no state of a job, a file or a model is without a word", () => {
    const named = new Set<string>(states.map(([state]) => state));
    for (const state of [...jobStates, ...fileStates, "installed", "partial", "missing"]) expect(named, state).toContain(state);
  });

  test("states that may stand in one column differ in icon or word, not in colour alone", () => {
    const shape = (state: StateName) => markupOf(<StateWord state={state} />).replace(/class="[^"]*"/g, "");
    for (const column of [jobStates, fileStates, ["installed", "partial", "missing"] as const])
      expect(new Set(column.map(shape)).size).toBe(column.length);
  });

  test("only what runs turns, and only for those who want motion", () => {
    for (const [state] of states) {
      const markup = markupOf(<StateWord state={state} />);
      expect(markup.includes("motion-safe:animate-spin"), state).toBe(state === "running");
      expect(markup.replaceAll("motion-safe:animate-spin", "")).not.toContain("animate-spin");
    }
  });
});

describe("a button", () => {
  test("submits nothing unless it is told to", () => {
    expect(markupOf(<Button>Go</Button>)).toContain('type="button"');
    expect(markupOf(<Button type="submit">Go</Button>)).toContain('type="submit"');
  });

  test("keeps its name and its lock", () => {
    const markup = markupOf(
      <Button disabled aria-label="Download it">
        Download
      </Button>,
    );
    expect(markup).toMatch(/<button[^>]*disabled=""/);
    expect(markup).toContain('aria-label="Download it"');
  });

  test("own classes are added, not put in place of its look", () => {
    const markup = markupOf(<Button className="mt-9">Go</Button>);
    expect(markup).toMatch(/class="[^"]*rounded-input[^"]*mt-9"/);
  });

  test("of an icon has the name that its tooltip shows, and the icon is silent", () => {
    const markup = markupOf(<IconButton icon={FileText} label="Open the file" />);
    expect(markup).toMatch(/<button[^>]*aria-label="Open the file"/);
    expect(markup).toMatch(/<svg[^>]*aria-hidden="true"/);
    expect(markup).toMatch(/<button[^>]*type="button"/);
  });
});

describe("a field", () => {
  test("has a name even where a placeholder is gone, and nothing completes or corrects it", () => {
    const markup = markupOf(<TextField label="Path of a file" placeholder="Path" defaultValue="/a" />);
    expect(markup).toContain('aria-label="Path of a file"');
    expect(markup).toContain('autoComplete="off"');
    expect(markup).toContain('spellCheck="false"');
    expect(markup).toContain('type="text"');
  });

  test("can be another kind of field, but cannot lose its name", () => {
    const markup = markupOf(<TextField label="Find" type="search" aria-label="other" />);
    expect(markup).toContain('type="search"');
    expect(markup).toContain('aria-label="Find"');
    expect(markup).not.toContain("other");
  });

  test("of choices is the platform's own, named, with its choice", () => {
    const markup = markupOf(
      <SelectField label="Theme" value="b" onChange={nothing}>
        <option value="a">A</option>
        <option value="b">B</option>
      </SelectField>,
    );
    expect(markup).toMatch(/^<select[^>]*aria-label="Theme"/);
    expect(markup).toMatch(/<option value="b" selected="">B<\/option>/);
  });

  test.each(hostileTexts)("shows %s as a value and runs none of it", (text) => {
    const markup = markupOf(<TextField label={text} placeholder={text} defaultValue={text} />);
    expect(isHarmless(markup)).toBe(true);
    expect(markup.match(/<[a-z]/g)).toHaveLength(1);
  });
});

describe("an error", () => {
  test("says what failed, what to do next and its code, aloud", () => {
    const markup = markupOf(<ErrorNotice error={new AppError("MEMORY_LOW", "The model did not fit.", { hint: "Take a smaller one." })} />);
    expect(markup).toMatch(/^<div role="alert"/);
    expect(wordsOf(markup)).toBe("The model did not fit. Take a smaller one. MEMORY_LOW · Too little memory");
  });

  test("of any other kind is still an error with a code, and shows none of its stack", () => {
    const error = new Error("boom at /secret/place.ts:1");
    error.stack = "Error: boom\n    at secretFunction (/secret/place.ts:1)";
    const markup = markupOf(<ErrorNotice error={error} />);
    expect(markup).toContain("INTERNAL");
    expect(markup).not.toContain("secretFunction");
  });

  test.each([undefined, null, "a text", 7, { code: 3 }])("does not fail itself when %s was thrown", (thrown) => {
    expect(markupOf(<ErrorNotice error={thrown} />)).toContain('role="alert"');
  });

  test("offers to try again only where that does something", () => {
    const error = new AppError("INTERNAL", "No.");
    expect(wordsOf(markupOf(<ErrorNotice error={error} />))).not.toContain("Try again");
    expect(wordsOf(markupOf(<ErrorNotice error={error} onRetry={nothing} />))).toContain("Try again");
  });

  // Catches: a failure that a window in another language tells in English alone, and two that are told alike.
  test("name the sort of every failure in the language of the window", () => {
    const codes = Object.keys(errorCodes).filter((code) => isErrorCode(code));
    expect(new Set(codes.map((code) => problemName(code, say))).size).toBe(codes.length);
    for (const code of codes)
      expect(wordsOf(markupOf(<ErrorNotice error={new AppError(code, "No.")} />))).toContain(problemName(code, say));
    const turned = withInitial(useAppearance, { language: "ar-XB" }, () =>
      markupOf(<ErrorNotice error={new AppError("FILE_EMPTY", "No.")} />),
    );
    expect(turned).toContain("\u202eEmpty\u202c \u202efile\u202c");
  });

  test.each(hostileTexts)("that quotes %s stays text", (text) => {
    expect(isHarmless(markupOf(<ErrorNotice error={new AppError("INTERNAL", text, { hint: text })} />))).toBe(true);
  });
});

test("an empty place has a heading below the page's and no empty box where nothing is said", () => {
  const markup = markupOf(<EmptyState title="No documents yet" />);
  expect(markup).toMatch(/<h2[^>]*>No documents yet<\/h2>/);
  expect(markup.match(/<div/g)).toHaveLength(1);
  expect(
    wordsOf(
      markupOf(
        <EmptyState title="A" action={<Button>Add</Button>}>
          Text
        </EmptyState>,
      ),
    ),
  ).toBe("A Text Add");
});

test("a page has one first heading; facts and actions take no room where there are none", () => {
  const bare = markupOf(<PageHeader title="Models" />);
  expect(bare.match(/<h1/g)).toHaveLength(1);
  expect(bare).not.toMatch(/<p|<div/);
  expect(wordsOf(markupOf(<PageHeader title="Models" facts="3 models" actions={<Button>Look</Button>} />))).toBe("Models 3 models Look");
});

describe("a passage", () => {
  test("says its document, page and heading, and leaves out what it does not have", () => {
    const passage = passageOf(2);
    expect(passagePlace(passage, say)).toBe("Document 2");
    expect(passagePlace({ ...passage, chunk: { ...passage.chunk, page: 4 } }, say)).toBe("Document 2 · page 4");
    expect(passagePlace({ ...passage, chunk: { ...passage.chunk, page: 4, heading: "Terms" } }, say)).toBe("Document 2 · page 4 · Terms");
    expect(passagePlace({ ...passage, chunk: { ...passage.chunk, heading: "" } }, say)).toBe("Document 2");
  });

  test("is a button, for it opens the reader, with rank, place and text", () => {
    const markup = markupOf(<PassageRow passage={passageOf(3)} lines={1} onOpen={nothing} />);
    expect(markup).toMatch(/^<button type="button"/);
    expect(wordsOf(markup)).toBe("3 Document 3 Text of passage 3");
  });

  test("is cut to the lines there is room for", () => {
    expect(markupOf(<PassageRow passage={passageOf(1)} lines={3} onOpen={nothing} />)).toContain("line-clamp-3");
    expect(markupOf(<PassageRow passage={passageOf(1)} lines={1} onOpen={nothing} />)).not.toContain("line-clamp-3");
  });

  test.each(hostileTexts)("with %s as its title, heading and text shows the characters", (text) => {
    const passage = passageOf(1, { text, document: { id: "d", title: text } });
    const markup = markupOf(<PassageRow passage={{ ...passage, chunk: { ...passage.chunk, heading: text } }} lines={3} onOpen={nothing} />);
    expect(isHarmless(markup)).toBe(true);
    expect(markup.match(/<button|<span/g)).toHaveLength(5);
  });
});

describe("progress", () => {
  test("with a total says how far it is, to ear and eye alike", () => {
    const markup = markupOf(<ProgressBar done={25} total={100} label="Indexing" />);
    expect(markup).toMatch(/role="progressbar" aria-label="Indexing" aria-valuemin="0" aria-valuemax="100" aria-valuenow="25"/);
    expect(markup).toContain("width:25%");
    expect(markup).not.toContain("animate-pulse");
  });

  test("without a total claims no number", () => {
    const markup = markupOf(<ProgressBar done={25} total={0} label="Indexing" />);
    expect(markup).not.toMatch(/aria-valuemax|aria-valuenow/);
    expect(markup).toContain("animate-pulse");
  });

  test("never runs over its end when more came than was announced", () => {
    expect(markupOf(<ProgressBar done={300} total={100} label="x" />)).toContain("width:100%");
  });
});

test("rows on their way are a status with a name, as many as will come, and the same each time", () => {
  const markup = markupOf(<SkeletonRows rows={5} label="Loading models" />);
  expect(markup).toMatch(/^<div role="status" aria-label="Loading models"/);
  expect(markup.match(/width:/g)).toHaveLength(5);
  expect(markupOf(<SkeletonRows rows={5} label="Loading models" />)).toBe(markup);
});

test("the list of a workspace is a named landmark that F6 finds, and is gone when it is closed", () => {
  const list = <SideList title="Collections">rows</SideList>;
  expect(markupOf(list)).toMatch(/^<nav[^>]*data-region="true"[^>]*tabindex="-1"[^>]*aria-label="Collections"/i);
  expect(markupOf(list)).toMatch(/<h2[^>]*>Collections<\/h2>/);
  expect(withInitial(useLayout, { listOpen: false }, () => markupOf(list))).toBe("");
});

describe("numbers", () => {
  test("bytes change their unit at a thousand, as disks count, and never run out of units", () => {
    expect([1, 999, 1000, 999_949, 1e6, 1e9, 1e12, 5e15].map(formatBytes)).toEqual([
      "1 B",
      "999 B",
      "1 kB",
      "999.9 kB",
      "1 MB",
      "1 GB",
      "1 TB",
      "5,000 TB",
    ]);
  });

  test("times are milliseconds below a second and seconds from there", () => {
    expect([0, 0.4, 999, 1000, 61_240].map(formatDuration)).toEqual(["0 ms", "0 ms", "999 ms", "1 s", "61.2 s"]);
  });

  test("nothing and many take the plural, one does not", () => {
    expect([0, 1, 2].map((n) => formatCount(n, "passage"))).toEqual(["0 passages", "1 passage", "2 passages"]);
    expect(formatNumber(1_234_567)).toBe("1,234,567");
  });

  test("a path of nothing but slashes is its own name, rather than none", () => {
    expect([fileName("/"), fileName("a\\b/c.txt"), fileName("c.txt"), fileName("C:\\")]).toEqual(["/", "c.txt", "c.txt", "C:"]);
  });
});

test("class names leave out what is not there", () => {
  expect(classNames("a", false, undefined, "", "b")).toBe("a b");
  expect(classNames()).toBe("");
});

test("rendering calls nobody: a handler runs by a hand, not by being shown", () => {
  const called = vi.fn<() => void>();
  markupOf(<PassageRow passage={passageOf(1)} lines={1} onOpen={called} />);
  markupOf(<ErrorNotice error={new AppError("INTERNAL", "No.")} onRetry={called} />);
  expect(called).not.toHaveBeenCalled();
});
