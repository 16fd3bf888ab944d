import { afterAll, describe, expect, test } from "vitest";
import { fixtureFolder } from "../helpers/make-fixtures.ts";
import { blocksOf, readAll } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());

let made = 0;
const readHtml = (source: string | Uint8Array) => readAll(files.file(`made-${(made += 1)}.html`, source));
const bodyOf = async (body: string) => {
  const { pages } = await readHtml(`<!doctype html><html><body>${body}</body></html>`);
  return pages.map(blocksOf).flat();
};

describe("HTML", () => {
  test("becomes headings, paragraphs, lists and code", async () => {
    expect(
      await bodyOf("<h2>Head <b>ing</b></h2><p>One\n  two<br>three</p><ul><li>a<li>b<ol start=3><li>c</ol></ul><pre>x  = 1\n  y</pre>"),
    ).toEqual(["heading2: Head ing", "paragraph: One two\nthree", "list: - a", "list: - b", "list:   3. c", "code: x  = 1\n  y"]);
  });

  test("keeps text outside of any element, and of links", async () => {
    const { pages, head } = await readHtml(
      '<html><body>Before <a href="https://example.com/x">the link</a> after<div>inside</div>tail</body></html>',
    );
    expect(pages.map(blocksOf).flat()).toEqual(["paragraph: Before the link after", "paragraph: inside", "paragraph: tail"]);
    expect(head.metadata["links"]).toEqual([{ text: "the link", href: "https://example.com/x" }]);
  });

  test("leaves out what is no text or is hidden", async () => {
    expect(
      await bodyOf(
        '<script>var a = "script"</script><style>.b{}</style><noscript>no script</noscript><p hidden>hidden</p><p style="display: none">none</p><template>template</template><nav>Menu</nav><p>Seen</p><!-- comment -->',
      ),
    ).toEqual(["paragraph: Seen"]);
  });

  test("has tables as rows, spans filled, the header known", async () => {
    const { pages, tables } = await readHtml(
      "<html><body><table><thead><tr><th>A</th><th colspan=2>B</th></tr></thead><tr><td rowspan=2>1</td><td>2</td><td><p>3</p><p>x | y</p></td></tr><tr><td>4</td></tr></table></body></html>",
    );
    expect(tables[0]?.rows).toEqual([
      ["A", "B", "B"],
      ["1", "2", "3 x | y"],
      ["1", "4", ""],
    ]);
    const [page] = pages;
    expect(page?.text).toBe("A | B | B\n1 | 2 | 3 x \\| y\n1 | 4 |");
    expect(page?.text.slice(0, page.blocks[0]?.headerEnd)).toBe("A | B | B");
  });

  test("reads a table that only arranges the page as text", async () => {
    expect(await bodyOf("<table><tr><td><h1>Title</h1></td></tr><tr><td><p>Body</p></td></tr></table>")).toEqual([
      "heading1: Title",
      "paragraph: Body",
    ]);
  });

  test("is decoded as it says, and windows-1252 where it says Latin-1", async () => {
    const source = Buffer.concat([
      Buffer.from('<html><head><meta charset="iso-8859-1"><title>T</title></head><body>caf'),
      Buffer.from([0xe9, 0x20, 0x80]),
      Buffer.from("</body></html>"),
    ]);
    expect((await readHtml(source)).text).toBe("café €");
    expect((await readHtml('<html><head><meta charset="iso-8859-1"></head><body>ok</body></html>')).head.metadata["encoding"]).toBe(
      "windows-1252",
    );
  });

  test("with entities, fragments and unclosed elements is read", async () => {
    expect(await bodyOf("<p>a &amp; b &lt;c&gt; &eacute; &#x1F600;<p>next<div>open")).toEqual([
      "paragraph: a & b <c> é 😀",
      "paragraph: next",
      "paragraph: open",
    ]);
  });

  test("nested 30,000 deep costs no stack", async () => {
    const depth = 30_000;
    expect((await readHtml(`<html><body>${"<div>".repeat(depth)}deep${"</div>".repeat(depth)}</body></html>`)).text).toBe("deep");
  });

  test("with a span of a billion cells is bounded", async () => {
    const { tables } = await readHtml(
      '<html><body><table><tr><th>h</th></tr><tr><td colspan="1000000000" rowspan="1000000000">x</td></tr></table></body></html>',
    );
    expect(tables[0]?.rows[1]?.length).toBeLessThanOrEqual(200);
  });

  test("takes its title from the head, else from the first heading", async () => {
    expect((await readHtml("<html><head><title> The\n title </title></head><body><h1>Other</h1>x</body></html>")).head.title).toBe(
      "The title",
    );
    expect((await readHtml("<html><body><h1>Only this</h1>x</body></html>")).head.title).toBe("Only this");
  });
});

describe("Markdown", () => {
  const readMd = async (source: string) => {
    const read = await readAll(files.file(`made-${(made += 1)}.md`, source));
    return { ...read, blocks: read.pages.map(blocksOf).flat() };
  };

  test("keeps its text as written and knows its blocks", async () => {
    const source =
      "# Title #\n\nText *here*\ngoes on.\n\nSetext\n---\n\n- one\n  more\n- two\n\n```js\n# no heading\n\n- no item\n```\n\n| a | b |\n|---|---|\n| 1 | x \\| y |\n\nEnd";
    const { text, blocks, head, tables } = await readMd(source);
    expect(text).toBe(source);
    expect(blocks).toEqual([
      "heading1: # Title #",
      "paragraph: Text *here*\ngoes on.",
      "heading2: Setext\n---",
      "list: - one\n  more",
      "list: - two",
      "code: ```js\n# no heading\n\n- no item\n```",
      "table: | a | b |\n|---|---|\n| 1 | x \\| y |",
      "paragraph: End",
    ]);
    expect(head.title).toBe("Title");
    expect(tables[0]?.rows).toEqual([
      ["a", "b"],
      ["1", "x | y"],
    ]);
  });

  test("has its front matter as metadata, not in the text", async () => {
    const { text, head } = await readMd('---\ntitle: "A: B"\ntags: [x, y]\nauthors:\n  - Ann\n  - Ben\n---\n# H\n');
    expect(text).toBe("# H\n");
    expect(head).toMatchObject({ title: "A: B", metadata: { tags: ["x", "y"], authors: ["Ann", "Ben"] } });
  });

  test("that begins with a rule has no front matter", async () => {
    expect((await readMd("---\nJust a paragraph between rules\n---\n")).text).toContain("Just a paragraph");
  });

  test("with a fence that never ends is code to the end", async () => {
    expect((await readMd("a\n\n~~~\nb\n\n# c")).blocks).toEqual(["paragraph: a", "code: ~~~\nb\n\n# c"]);
  });

  test("cannot set properties of every object by its front matter", async () => {
    await readMd("---\n__proto__: polluted\n---\ntext");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect((await readMd("---\n__proto__: polluted\n---\ntext")).head.metadata).toEqual({ encoding: "utf-8" });
  });
});

describe("tables in tables", () => {
  const rowsOf = async (name: string, source: string) =>
    (await readAll(files.file(name, `<html><body>${source}</body></html>`))).tables.map(({ rows }) => rows);

  test("one table in a cell among cells of text belongs to its cell", async () => {
    const inner = "<table><tr><td>a1</td><td>b1</td></tr><tr><td>c1</td><td>d1</td></tr></table>";
    expect(await rowsOf("rich.html", `<table><tr><td>A</td><td>B</td></tr><tr><td>${inner}</td><td>2</td></tr></table>`)).toEqual([
      [
        ["A", "B"],
        ["a1 b1 c1 d1", "2"],
      ],
    ]);
  });

  test("a table of tables only arranges them", async () => {
    const inner = "<table><tr><th>k</th><th>v</th></tr><tr><td>1</td><td>2</td></tr></table>";
    expect(await rowsOf("layout.html", `<table><tr><td>${inner}</td><td>${inner}</td></tr></table>`)).toHaveLength(2);
  });

  test("a row of cells that only go on below has no line of its own", async () => {
    const source =
      '<table><tr><th>Year</th><th>Month</th></tr><tr><th rowspan="3">2025</th></tr><tr><td>May</td></tr><tr><td>June</td></tr></table>';
    expect(await rowsOf("hollow.html", source)).toEqual([
      [
        ["Year", "Month"],
        ["2025", "May"],
        ["2025", "June"],
      ],
    ]);
  });
});
