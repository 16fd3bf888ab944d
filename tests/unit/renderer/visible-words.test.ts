import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { visibleWords } from "../../helpers/visible-words.ts";

const root = join(import.meta.dirname, "../../../src/renderer");
const files = globSync("**/*.{ts,tsx}", { cwd: root }).filter((path) => !/(?:messages|vite\.config)\.ts$|^i18n/.test(path));
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Names, and what is the same in every language. */
const allowed = new Set(["Croft", "Markdown", "BM25 · …", "cosine · …"]);
/** Names of attributes and data types that the browser gives. */
const ofTheBrowser = new Set(["Files"]);

// Catches: a word that is written where it is shown. No translation reaches it, and the test language does not turn it.
test("every word of the window stands in a catalogue", () => {
  const left = files.flatMap((path) =>
    visibleWords(path, read(path))
      .filter(({ text }) => !allowed.has(text) && !ofTheBrowser.has(text))
      .map(({ line, text }) => `${path}:${line} ${text}`),
  );
  expect(files.length).toBeGreaterThan(150);
  expect(left).toEqual([]);
});

describe("words are found", () => {
  const found = (source: string) => visibleWords("a.tsx", source).map(({ text }) => text);

  test.each([
    ["between elements", "const a = <p>Remove it</p>;", "Remove it"],
    ["between elements, in small letters", "const a = <p>of {n} <b>files</b></p>;", "files"],
    ["in the name that is heard", '<button aria-label="stop" />;', "stop"],
    ["in a title", '<i title="loads" />;', "loads"],
    ["behind a condition", 'const a = <p>{on ? "Stop" : say("go")}</p>;', "Stop"],
    ["with gaps", "const a = `Remove ${name}?`;", "Remove …?"],
    ["in a table of constants", 'const words = { fits: "Too large" };', "Too large"],
    ["given to a function", 'show("Nothing was found");', "Nothing was found"],
    ["in a prop that is not known", '<Row empty="Nothing here" />;', "Nothing here"],
  ])("%s", (_, source, text) => {
    expect(found(source)).toContain(text);
  });

  test.each([
    ["class names", '<p className="flex items-center text-fg2" />;'],
    ["class names in a constant", 'const tab = "label h-8 border-b-2 text-fg2 hover:text-fg";'],
    ["a message's key", 'const a = <p>{say("notInYourSources")}</p>;'],
    ["keys of the keyboard", 'const keys = ["Mod+K", "ArrowDown", "Shift+Enter"];'],
    ["what is compared", 'if (event.key === "Process") go();'],
    ["addresses", "const a = `/chat/${id}`;"],
    ["selectors", "panel.querySelector('[data-key] button');"],
    ["a fault of the program", 'throw new Error("useAsks needs a context above it");'],
    ["modules and types", 'import a from "Some Module"; type B = "Two Words";'],
  ])("but not %s", (_, source) => {
    expect(found(source)).toEqual([]);
  });
});

describe("catalogues", () => {
  const catalogues = globSync("**/messages.ts", { cwd: root }).filter((path) => !path.startsWith("i18n"));

  // A key is a text of the code, the name of a state that is said as it is (and may come from core), or put together.
  const shared = globSync("**/*.ts", { cwd: join(root, "../shared") }).map((path) => readFileSync(join(root, "../shared", path), "utf8"));
  const said = [...files.map(read), ...shared].join("\n");

  // Catches: a message that nobody says any more, which a translator would still be paid for.
  test.each(catalogues)("%s has no message that is never said", (path) => {
    const keys = [...read(path).matchAll(/^ {2}"?([\w.]+)"?:/gm)].map(([, key]) => key ?? "");
    expect(keys.length).toBeGreaterThan(0);
    const isSaid = (key: string) =>
      said.includes(`"${key}"`) || new RegExp(`^\\s*${key}: `, "m").test(said) || said.includes(`\`${key.split(".")[0]}.\${`);
    expect(keys.filter((key) => !isSaid(key))).toEqual([]);
  });

  // Catches: two forms of which one has lost a gap, so that "1 file" would be said without its number.
  test.each(catalogues)("%s has the same gaps in both forms of a message", (path) => {
    const gaps = (text = "") => [...text.matchAll(/\{(\w+)\}/g)].map(([, gap]) => gap).sort();
    for (const [, text = ""] of read(path).matchAll(/: ?\n? *"((?:[^"\\]|\\.)*\|(?:[^"\\]|\\.)*)"/g)) {
      const forms = text.split("|");
      expect(forms, text).toHaveLength(2);
      expect(gaps(forms[0]), text).toEqual(gaps(forms[1]));
    }
  });
});
