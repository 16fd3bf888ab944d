import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Collection, Coverage, FileStatus, Source } from "../../../src/shared/contract/knowledge.ts";
import type { SearchResponse } from "../../../src/shared/contract/search.ts";
import type { Croft } from "../../../src/renderer/api/croft.ts";
import { CollectionList } from "../../../src/renderer/features/knowledge/collection-list.tsx";
import { CollectionView } from "../../../src/renderer/features/knowledge/collection-view.tsx";
import { Playground } from "../../../src/renderer/features/knowledge/search/playground.tsx";
import { ReportPanel } from "../../../src/renderer/features/knowledge/report/report-panel.tsx";
import { SearchPanel } from "../../../src/renderer/features/knowledge/search/search-panel.tsx";
import { SortHeader } from "../../../src/renderer/features/knowledge/documents/sort-header.tsx";
import { SourceList } from "../../../src/renderer/features/knowledge/sources/source-list.tsx";
import { StateBar } from "../../../src/renderer/features/knowledge/documents/state-bar.tsx";
import { StateFilter } from "../../../src/renderer/features/knowledge/documents/state-filter.tsx";
import { WordsOnly } from "../../../src/renderer/features/knowledge/search/words-only.tsx";
import { hostileTexts, isHarmless, markupOf, passageOf, silentCroft, wordsOf } from "../../helpers/markup.tsx";
import { inTestLanguage, unturnedWords } from "../../helpers/mirrored.ts";

const collection = (more: Partial<Collection> = {}): Collection => ({
  id: "01980000-0000-7000-8000-000000000001",
  name: "Harbour",
  embedder: "local:bge-small-en-v1.5",
  documents: 1,
  chunks: 1200,
  sources: 1,
  bytes: 5e6,
  createdAt: 0,
  ...more,
});

const file = (path: string, more: Partial<FileStatus> = {}): FileStatus => ({ path, state: "indexed", pages: 2, chunks: 3, ...more });

const coverage = (files: FileStatus[]): Coverage => ({
  collection: collection().id,
  documents: files.length,
  chunks: 0,
  bytes: 0,
  files,
  totals: {
    indexed: files.filter(({ state }) => state === "indexed").length,
    pending: files.filter(({ state }) => state === "pending").length,
    skipped: files.filter(({ state }) => state === "skipped").length,
    failed: files.filter(({ state }) => state === "failed").length,
  },
});

const source = (more: Partial<Source> = {}): Source => ({
  id: "s",
  kind: "path",
  path: "/home/ada/harbour",
  include: [],
  exclude: [],
  watch: false,
  reading: {},
  hasPassword: false,
  ...more,
});

/** A croft whose cache knows this of one collection. */
function knowing({ of = collection(), files, sources }: { of?: Collection; files?: FileStatus[]; sources?: Source[] } = {}): Croft {
  const croft = silentCroft();
  const input = { collection: of.id };
  croft.cache.setQueryData(croft.orpc.knowledge.listCollections.queryKey({ input: {} }), [of]);
  croft.cache.setQueryData(croft.orpc.jobs.list.queryKey({ input: { limit: 200 } }), []);
  if (files) croft.cache.setQueryData(croft.orpc.knowledge.status.queryKey({ input }), coverage(files));
  if (sources) croft.cache.setQueryData(croft.orpc.knowledge.listSources.queryKey({ input }), sources);
  return croft;
}

const left = [
  file("/home/ada/harbour/a.md"),
  file("/home/ada/harbour/b.pdf", {
    state: "failed",
    reason: { code: "FILE_DAMAGED", message: "b.pdf is damaged.", hint: "Get it again." },
  }),
  file("/home/ada/harbour/c.bin", { state: "skipped", reason: { code: "FILE_TYPE_UNSUPPORTED", message: "c.bin has no reader." } }),
  file("/home/ada/harbour/d.pdf", { waitingPages: 5 }),
  file("/media/stick/e.csv", { unavailable: true }),
];
const data = [
  ...left.map(({ path }) => path),
  ...left.flatMap(({ reason }) => (reason ? [reason.message, reason.hint ?? ""] : [])),
  "a.md",
  "b.pdf",
  "c.bin",
  "Harbour",
  "/home/ada/harbour",
  "/media/stick",
].filter((text) => text !== "");

describe("the report of a collection", () => {
  const report = (files: FileStatus[], sources: Source[] = [source(), source({ id: "t", path: "/media/stick" })]) =>
    markupOf(<ReportPanel collection={collection()} />, { croft: knowing({ files, sources }) });

  // Catches: a file that was left out and stands nowhere, or a count without its list.
  test("says how much is ready, and each thing that is not with its own heading", () => {
    const words = wordsOf(report(left));
    expect(words).toContain("3 of 5 files ready");
    for (const heading of ["Not reachable", "Pages waiting to be recognised", "Left out"]) expect(words).toContain(heading);
    expect(words).toContain("5 pages in 1 document");
    expect(words).toContain("Damaged FILE_DAMAGED");
    expect(words).toContain("No reader for this type FILE_TYPE_UNSUPPORTED");
  });

  test("names only a failure as something to try again, and a count of one without an s", () => {
    const markup = report(left);
    expect(markup).toContain('aria-label="Try again: Damaged"');
    expect(markup).not.toContain('aria-label="Try again: No reader for this type"');
    expect(wordsOf(markup)).toContain("1 file");
    expect(wordsOf(markup)).not.toMatch(/\b1 files\b/);
  });

  test("with nothing left out says so; with no file, that none was looked at", () => {
    expect(wordsOf(report([file("a")]))).toContain("Nothing was left out.");
    expect(wordsOf(report([]))).toContain("No file was looked at yet.");
  });

  test("asks for a password where files are locked, and only there", () => {
    const locked = file("x.pdf", { state: "failed", reason: { code: "FILE_ENCRYPTED", message: "x" } });
    expect(report([locked])).toContain("Password of the locked files");
    expect(report(left)).not.toContain("Password of the locked files");
  });

  test.each(hostileTexts)("holds what a file is called, whatever that is: %s", (text) => {
    const markup = report([file(text, { state: "failed", reason: { code: text, message: text, hint: text } })], [source({ path: text })]);
    expect(isHarmless(markup)).toBe(true);
  });

  test("has no word that the test language does not turn", () => {
    expect(
      unturnedWords(
        inTestLanguage(() => report(left)),
        data,
      ),
    ).toEqual([]);
  });
});

describe("the head of the table", () => {
  const head = (by: "path" | "name" | "pages", down = false) => markupOf(<SortHeader sort={{ by, down }} onSort={() => {}} />);

  // Catches: a table that looks sorted by one column and says another to those who listen.
  test("says by which column it is sorted and which way, by none where files lie as they lie", () => {
    expect(head("path")).not.toContain("aria-sort");
    expect(head("pages", true).match(/aria-sort="[^"]*"/g)).toEqual(['aria-sort="descending"']);
    expect(head("name").match(/aria-sort="[^"]*"/g)).toEqual(['aria-sort="ascending"']);
  });

  test("is one stop of the keyboard", () => {
    for (const by of ["path", "name", "pages"] as const) expect(head(by).match(/tabindex="0"/gi)).toHaveLength(1);
  });

  test("names seven columns, each once", () => {
    const names = [...head("path").matchAll(/role="columnheader"[^>]*>(.*?)<\/span><\/?/g)].map(([, inner]) => wordsOf(inner ?? ""));
    expect(wordsOf(head("path"))).toBe("State Name Pages Passages Recognised Language Reason");
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("states", () => {
  test("of all files are told with numbers beside the bar, and a collection of none divides by nothing", () => {
    const bar = markupOf(<StateBar totals={{ indexed: 1200, pending: 0, skipped: 2, failed: 1 }} />);
    expect(wordsOf(bar)).toBe("1,200 ready 0 waiting 2 skipped 1 failed");
    const none = markupOf(<StateBar totals={{ indexed: 0, pending: 0, skipped: 0, failed: 0 }} />);
    expect(none).not.toContain("NaN");
    expect(none).not.toContain("Infinity");
  });

  test("that are rare are offered where they are, and one that is empty cannot be chosen", () => {
    const filter = (files: FileStatus[]) => markupOf(<StateFilter coverage={coverage(files)} value={undefined} onChange={() => {}} />);
    expect(wordsOf(filter([file("a")]))).not.toContain("not reachable");
    expect(wordsOf(filter(left))).toContain("1 not reachable");
    expect(wordsOf(filter(left))).toContain("1 with pages to recognise");
    expect(filter([file("a")]).match(/disabled/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test("a filter that is on stays, even when nothing is in that state any more: it must be possible to take it off", () => {
    const markup = markupOf(<StateFilter coverage={coverage([file("a")])} value="failed" onChange={() => {}} />);
    const button = /<button[^>]*aria-pressed="true"[^>]*>/.exec(markup)?.[0] ?? "";
    expect(button).not.toBe("");
    expect(button).not.toContain("disabled=");
  });
});

describe("the sources of a collection", () => {
  const list = (sources: Source[]) => markupOf(<SourceList collection={collection()} />, { croft: knowing({ sources }) });

  test("stand with their rules in a line; records have none to change", () => {
    const markup = list([source({ exclude: ["drafts/**"], watch: true }), source({ id: "r", kind: "records", path: "rows.jsonl" })]);
    expect(wordsOf(markup)).toContain("all files · not drafts/** · watched");
    expect(wordsOf(markup)).toContain("A document for each record");
    expect(markup.match(/aria-label="Rules of /g)).toHaveLength(1);
  });

  // Catches: a source that was linked by mistake and can be taken out on the command line alone.
  test("can be unlinked each, records too, by a button that says which, and only after a question", () => {
    const markup = list([source(), source({ id: "r", kind: "records", path: "rows.jsonl" })]);
    expect(markup.match(/aria-label="Unlink [^"]*"/g)).toEqual(['aria-label="Unlink /home/ada/harbour"', 'aria-label="Unlink rows.jsonl"']);
    expect(markup.match(/<button[^>]*aria-label="Unlink [^>]*>/g)?.every((button) => button.includes('aria-haspopup="dialog"'))).toBe(true);
  });

  test.each(hostileTexts)("hold what a path is called, whatever that is: %s", (text) => {
    expect(isHarmless(list([source({ path: text, include: [text] })]))).toBe(true);
  });

  test("of thousands a part is drawn, and the rest is counted", () => {
    const many = Array.from({ length: 203 }, (_, at) => source({ id: `s${at}`, path: `/f/${at}.txt` }));
    expect(wordsOf(list(many))).toContain("and 3 other sources");
    expect(wordsOf(list(many.slice(0, 201)))).toMatch(/and 1 other source(?!s)/);
    expect(wordsOf(list(many.slice(0, 200)))).not.toContain("other source");
  });

  test("that are none say what to do", () => {
    expect(wordsOf(list([]))).toContain("Name a file or a folder in the field below.");
  });
});

describe("searches", () => {
  const response = (more: Partial<SearchResponse> = {}): SearchResponse => ({
    query: "lamp",
    results: [passageOf(1), passageOf(2)],
    timings: { load: 0, embed: 8, keyword: 2, vector: 3, rerank: 0, total: 14 },
    ...more,
  });

  function searched(found: SearchResponse | undefined, view: "search" | "compare"): string {
    const croft = knowing();
    const input =
      view === "search"
        ? { query: "lamp", collections: [collection().id], mode: "hybrid" as const }
        : { query: "lamp", collections: [collection().id], mode: "hybrid" as const, rerank: true, explain: true, limit: 200 };
    for (const limit of [undefined, 20, 30, 50])
      croft.cache.setQueryData(
        croft.orpc.knowledge.search.queryKey({ input: limit === undefined || view === "compare" ? input : { ...input, limit } }),
        found,
      );
    const panel = view === "search" ? <SearchPanel collection={collection()} /> : <Playground collection={collection()} />;
    return markupOf(panel, { croft, at: `/knowledge/x?tab=${view}&q=lamp` });
  }

  test("before anything is looked for say what they do, and keep the query of the address in the field", () => {
    expect(wordsOf(markupOf(<SearchPanel collection={collection()} />))).toContain("Search this collection");
    expect(markupOf(<SearchPanel collection={collection()} />, { at: "/x?q=tide+mill" })).toContain('value="tide mill"');
    expect(wordsOf(markupOf(<Playground collection={collection()} />))).toContain("See how a query is ranked");
  });

  // Catches: columns without a title or a time, a step that did nothing and looks as if it had failed.
  test("side by side have a column for each step, which says why it is empty", () => {
    const words = wordsOf(searched(response({ keywordWeight: 0.4 }), "compare"));
    for (const title of ["Words", "Meaning", "Fused", "Reranked"]) expect(words).toContain(title);
    expect(words).toContain("40 % words, 60 % meaning");
    expect(words).toContain("No reranker is installed");
    expect(words).toContain("2 passages in 14 ms");
  });

  test("that find nothing name the query", () => {
    expect(wordsOf(searched(response({ results: [] }), "compare"))).toContain("No passage of this collection fits “lamp”.");
  });

  test("say how long models took to load, apart from the search itself", () => {
    const timings = { load: 2100, embed: 8, keyword: 2, vector: 3, rerank: 0, total: 2114 };
    expect(wordsOf(searched(response({ timings }), "compare"))).toContain("after 2.1 s to load models");
  });

  test("whose vectors could not be asked say of which collections, and what to do", () => {
    const words = wordsOf(markupOf(<WordsOnly names={["Harbour", "Letters"]} />));
    expect(words).toBe(
      "Only the words of “Harbour”, “Letters” were searched: the embedding model cannot be used. Install it under Models, or choose another for the collection.",
    );
    expect(markupOf(<WordsOnly names={undefined} />)).toBe("");
  });

  test("have no word that the test language does not turn", () => {
    const markup = inTestLanguage(() => searched(response({ keywordWeight: 0.4 }), "compare"));
    expect(
      unturnedWords(markup, ["Harbour", "Document 1", "Document 2", "Text of passage 1", "Text of passage 2", "BM25", "cosine"]),
    ).toEqual([]);
  });
});

describe("a collection", () => {
  beforeAll(() => void vi.stubGlobal("window", {}));
  afterAll(() => void vi.unstubAllGlobals());

  const view = (of = collection()) =>
    markupOf(
      <CollectionView
        collection={of}
        adding={{ mutate: () => {}, isPending: false, error: null, data: undefined } as never}
        refused={false}
      />,
      { croft: knowing({ of, files: left }) },
    );

  test("says its size in words that fit its numbers", () => {
    expect(wordsOf(view())).toContain("1 document · 1,200 passages · 5 MB");
    expect(wordsOf(view(collection({ documents: 2, chunks: 1 })))).toContain("2 documents · 1 passage · 5 MB");
  });

  test("has five views, of which one is open", () => {
    expect(view().match(/role="tab"/g)).toHaveLength(5);
    expect(view().match(/role="tab"[^>]*aria-selected="true"/g)).toHaveLength(1);
  });

  test("is listed with its documents, and marked where it is open", () => {
    const list = markupOf(<CollectionList chosen={collection().id} />, { croft: knowing() });
    expect(list).toContain("Harbour");
    expect(list).toContain('title="Documents"');
    expect(list.match(/aria-current="page"/g)).toHaveLength(1);
    expect(markupOf(<CollectionList chosen={undefined} />, { croft: knowing() })).not.toContain("aria-current");
  });

  test("has no word that the test language does not turn", () => {
    expect(
      unturnedWords(
        inTestLanguage(() => view()),
        data,
      ),
    ).toEqual([]);
  });
});
