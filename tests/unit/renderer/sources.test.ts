import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../../src/renderer");
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && [".ts", ".tsx", ".css", ".html"].includes(extname(entry.name)))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ name: relative(root, path).replaceAll("\\", "/"), text: readFileSync(path, "utf8") }));
const code = files.filter(({ name }) => /\.tsx?$/.test(name));

/** Where a pattern stands, as `file: match`, so that a failure names its place. */
const found = (pattern: RegExp, among = files): string[] =>
  among.flatMap(({ name, text }) =>
    [...text.matchAll(new RegExp(pattern, `${pattern.flags.replace("g", "")}g`))].map(([match]) => `${name}: ${match}`),
  );

test("the sources are found at all, or every rule below would hold of nothing", () => {
  expect(code.length).toBeGreaterThan(60);
  expect(files.map(({ name }) => name)).toContain("index.html");
});

test("no text of a document or a model is ever given to the parser of HTML", () => {
  expect(
    found(/dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment/),
  ).toEqual([]);
});

test("no text is ever run as code", () => {
  expect(found(/\beval\s*\(|new Function\s*\(|set(?:Timeout|Interval)\s*\(\s*["'`]|javascript:/)).toEqual([]);
});

test("no source names an address outside: no font, image, script or call leaves this machine", () => {
  expect(found(/(?:https?|wss?|ftp):\/\/[^\s"'`)]+|["'(]\/\/[a-z0-9.-]+\.[a-z]{2,}/i)).toEqual([]);
});

test("styles import packages and own files only, and load nothing by address but a file", () => {
  const styles = files.filter(({ name }) => name.endsWith(".css"));
  expect(styles.length).toBeGreaterThan(0);
  expect(found(/@import\s+(?:url\()?["']?(?:https?:)?\/\//, styles)).toEqual([]);
  expect(found(/url\((?!["']?(?:\.{1,2}\/|data:|@))[^)]*\)/, styles).filter((place) => /:\/\//.test(place))).toEqual([]);
});

test("the page runs one own module and no inline script", () => {
  const page = files.find(({ name }) => name === "index.html")?.text ?? "";
  const scripts = [...page.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
  expect(scripts).toHaveLength(1);
  expect(scripts[0]?.[1]).toContain('src="./main.tsx"');
  expect(scripts[0]?.[2]?.trim()).toBe("");
  expect(page).not.toMatch(/<style\b|\sstyle=|\son[a-z]+=/i);
});

test("the page says its language and leaves no trace of where a click came from", () => {
  const page = files.find(({ name }) => name === "index.html")?.text ?? "";
  expect(page).toMatch(/<html lang="en">/);
  expect(page).toContain('name="referrer" content="no-referrer"');
  expect(page).toMatch(/<title>[^<]+<\/title>/);
});

test("no images and frames are built from what somebody else wrote", () => {
  // The pages of documents, which core draws: their addresses are made of an id and a number, or are the picture itself.
  const drawn = ["features/batch/review/page-paper.tsx: <img", "features/reader/page-sheet.tsx: <img"];
  expect(found(/<(?:img|iframe|object|embed|video|audio)\b/, code).toSorted()).toEqual(drawn);
});

test("no link opens another window or leads to an address that is not the app's own", () => {
  expect(found(/target=["{]|window\.open\(/, code)).toEqual([]);
  expect(found(/\bhref=\{?["'`](?![#/.])[^"'`]*/, code)).toEqual([]);
});

test("the renderer reaches nothing of Node and nothing of core but the contract and the client", () => {
  expect(
    found(
      /from "(?:node:[^"]+|electron[^"]*|[^"]*\/main\/[^"]*|[^"]*\/preload\/[^"]*)"/,
      code.filter(({ name }) => name !== "vite.config.ts"),
    ),
  ).toEqual([]);
});

test("the contract gives types alone: its schemas make functions from text, which the policy of the page forbids", () => {
  expect(found(/import (?!type\b)[^;]*? from "[^"]*shared\/contract\/[^"]*"/, code)).toEqual([]);
});

test("nothing waits for a clock to find out: nobody polls", () => {
  expect(found(/setInterval\(|refetchInterval/, code)).toEqual([]);
});

test("every icon is silent for those who hear: its word says it", () => {
  const loud = code.flatMap(({ name, text }) =>
    [...text.matchAll(/<(?:Icon|[A-Z][A-Za-z0-9]+)\b(?=[^>]*strokeWidth)[^>]*>/g)]
      .map(([element]) => element)
      .filter((element) => !element.includes("aria-hidden"))
      .map((element) => `${name}: ${element}`),
  );
  expect(loud).toEqual([]);
});

test("an element without a role of its own never becomes a button by a click alone", () => {
  const clickable = code.flatMap(({ name, text }) =>
    [...text.matchAll(/<(?:div|span|li|p)\b[^>]*?onClick=/g)]
      .map(([element]) => ({ name, element }))
      .filter(({ element }) => !/role=/.test(element)),
  );
  expect(clickable).toEqual([]);
});

test("a button of the platform says what kind it is, so none submits a form by accident", () => {
  const vague = code.flatMap(({ name, text }) =>
    [...text.matchAll(/<button\b[^>]*>/g)]
      .map(([element]) => `${name}: ${element}`)
      .filter((place) => !/\btype=/.test(place) && !/\{\.\.\.props\}/.test(place)),
  );
  expect(vague).toEqual([]);
});

test("every positive tab index is a mistake: the order of reading is the order of focus", () => {
  expect(found(/tabIndex=\{[1-9]/, code)).toEqual([]);
});

test("nothing a person typed or read is kept outside the named stores of this window", () => {
  const direct = found(/\b(?:localStorage|sessionStorage|indexedDB|document\.cookie)\b/, code);
  expect(direct).toEqual([]);
  const names = code.flatMap(({ text }) => [...text.matchAll(/name: "(croft\.[a-z]+)"/g)].map(([, name]) => name));
  expect(new Set(names).size).toBe(names.length);
});

test("the console is no place for what documents say", () => {
  expect(found(/\bconsole\.\w+\(/, code)).toEqual([]);
});
