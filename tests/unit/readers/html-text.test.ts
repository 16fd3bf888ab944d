import { describe, expect, it } from "vitest";
import { html } from "../../../src/main/engines/readers/formats/html.ts";
import { parseHtml } from "../../../src/main/engines/readers/html/html-document.ts";
import { tableGrid } from "../../../src/main/engines/readers/html/html-table.ts";
import { addHtml } from "../../../src/main/engines/readers/html/html-text.ts";
import { createTextBuilder } from "../../../src/main/engines/readers/text/text-builder.ts";
import type { ReadItem } from "../../../src/main/engines/readers/protocol.ts";
import { limits } from "../../helpers/readers.ts";
import { seeded } from "../../helpers/random-text.ts";

function read(source: string) {
  const document = parseHtml(source);
  const builder = createTextBuilder("a.html", 5_000_000);
  const body = document.querySelector("body");
  const tables = body === null ? [] : addHtml(body, builder);
  const text = builder.text();
  const blocks = builder.blocks.map(({ kind, level, start, end }) => `${kind}${level ?? ""}: ${text.slice(start, end)}`);
  return { text, tables, blocks };
}

const gridOf = (source: string) => {
  const table = parseHtml(source).querySelector("table");
  if (!table) throw new Error("no table");
  return tableGrid(table);
};

describe("the text of a page", () => {
  // Each is what a person sees of the page, and in which blocks.
  it.each<[string, string[]]>([
    ["words", ["paragraph: words"]],
    ["<p>one<p>two", ["paragraph: one", "paragraph: two"]],
    ["a <b>bold</b>, <i>cur</i>sive word", ["paragraph: a bold, cursive word"]],
    ["<p>one<br>two</p>", ["paragraph: one\ntwo"]],
    ["<p>  many \n\t spaces  </p>", ["paragraph: many spaces"]],
    ["<h1>Top</h1><p>x</p><h3>Deep</h3>", ["heading1: Top", "paragraph: x", "heading3: Deep"]],
    ["<h2>two<br>lines</h2>", ["heading2: two lines"]],
    ["<ul><li>a<li>b</ul>", ["list: - a", "list: - b"]],
    ["<ol><li>a</li><li>b</li></ol>", ["list: 1. a", "list: 2. b"]],
    ["<ol start=7><li>a</li><li>b</li></ol>", ["list: 7. a", "list: 8. b"]],
    ["<ol start=x><li>a</li></ol>", ["list: 1. a"]],
    ["<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", ["list: - a", "list:   - b", "list: - c"]],
    ["<ul><li><p>a</p><p>more of a</p></li></ul>", ["list: - a", "list:   more of a"]],
    ["<pre>  if x:\n    y\n</pre>", ["code:   if x:\n    y"]],
    ["<pre>a<br>b</pre>", ["code: a\nb"]],
    ["<p>a <img alt='a red fox' src=x> b</p>", ["paragraph: a a red fox b"]],
    ["<p><img src=x></p>", []],
    ["<div>a<div>b</div>c</div>", ["paragraph: a", "paragraph: b", "paragraph: c"]],
    ["<table><tr><td>only one column</td></tr><tr><td>arranges</td></tr></table>", ["paragraph: only one column", "paragraph: arranges"]],
    ["<table><tr><td>a<td>b<tr><td>c<td>d</table>", ["table: a | b\nc | d"]],
    ["<table role=presentation><tr><td>a<td>b</table>", ["paragraph: a", "paragraph: b"]],
    ["<table><caption>What</caption><tr><th>a<th>b<tr><td>c<td>d</table>", ["paragraph: What", "table: a | b\nc | d"]],
    ["", []],
    ["<p> \u00a0 </p>", []],
  ])("%s", (source, expected) => {
    expect(read(source).blocks).toEqual(expected);
  });

  // Catches text that no reader of the page sees, by which a page can speak to a model behind a person's back.
  it.each([
    "<p hidden>SECRET</p>",
    "<p style='display:none'>SECRET</p>",
    "<p style='color:red; DISPLAY : None'>SECRET</p>",
    "<p style='visibility: hidden'>SECRET</p>",
    "<div style='display:none'><p>SECRET</p></div>",
    "<script>SECRET</script>",
    "<style>SECRET</style>",
    "<noscript>SECRET</noscript>",
    "<template><p>SECRET</p></template>",
    "<textarea>SECRET</textarea>",
    "<select><option>SECRET</option></select>",
    "<button>SECRET</button>",
    "<dialog>SECRET</dialog>",
    "<svg><text>SECRET</text></svg>",
    "<iframe>SECRET</iframe>",
    "<object>SECRET</object>",
    "<nav>SECRET</nav>",
    "<div role=navigation>SECRET</div>",
    "<div role=banner>SECRET</div>",
    "<main>x</main><footer>SECRET</footer>",
    "<main>x</main><aside>SECRET</aside>",
    "<!-- SECRET -->",
    "<table><tr><td>a<td style='display:none'>SECRET<tr><td>b<td>c</table>",
    "<table><tr><td>a<td hidden>SECRET<tr><td>b<td>c</table>",
    "<table><tr style='display:none'><td>SECRET<td>x<tr><td>b<td>c</table>",
    "<table><tbody hidden><tr><td>SECRET<td>x<tbody><tr><td>b<td>c<tr><td>d<td>e</table>",
    "<table><caption hidden>SECRET</caption><tr><td>b<td>c</table>",
    "<table><tr><td>a<td>b<span hidden>SECRET</span><tr><td>b<td>c</table>",
    "<table hidden><tr><td>SECRET<td>c</table>",
    "<ul><li hidden>SECRET</ul>",
    "<a href='SECRET' title='SECRET'>x</a>",
    "<p data-x='SECRET' onclick='SECRET'>x</p>",
  ])("leaves out what is not seen: %s", (source) => {
    const { text, tables } = read(`<p>seen</p>${source}`);
    expect(text).not.toContain("SECRET");
    expect(JSON.stringify(tables)).not.toContain("SECRET");
    expect(text).toContain("seen");
  });

  it("keeps a footer and an aside where the page names no main part", () => {
    expect(read("<p>a</p><footer>b</footer><aside>c</aside>").text).toBe("a\n\nb\n\nc");
    expect(read("<main><p>a</p><aside>note</aside></main>").text).toBe("a\n\nnote");
  });

  // Catches a reader that runs out of stack, or takes the square of the time.
  it.each([
    ["deep elements", `${"<div>".repeat(20_000)}x`],
    ["deep lists", `${"<ul><li>".repeat(5_000)}x`],
    ["many paragraphs", "<p>x".repeat(20_000)],
    ["many line breaks", `<p>${"x<br>".repeat(20_000)}`],
    ["white space without an end", `<p>x${" ".repeat(300_000)}y`],
    ["open tags", `${"<p <p <p ".repeat(5_000)}>x`],
  ])("of %s is read", (_, source) => {
    expect(read(source).text).toContain("x");
  });

  // Catches blocks that overlap, are out of order or stand beside their text.
  it("stands in its blocks, whatever the page is made of", () => {
    const pieces = [
      "<p>",
      "</p>",
      "<ul>",
      "</ul>",
      "<li>",
      "<h2>",
      "</h2>",
      "<table>",
      "</table>",
      "<tr>",
      "<td>",
      "<th>",
      "<pre>",
      "</pre>",
    ];
    const words = ["word ", "| ", "<br>", "é", "\n", "&lt;b&gt;", "<span hidden>no</span>", "<img alt=pic>", "<td colspan=3>"];
    for (let seed = 1; seed <= 120; seed += 1) {
      const random = seeded(seed);
      const source = Array.from({ length: 80 }, () => {
        const from = random() < 0.5 ? pieces : words;
        return from[Math.floor(random() * from.length)];
      }).join("");
      const document = parseHtml(source);
      const builder = createTextBuilder("a.html", 1e6);
      const body = document.querySelector("body");
      const tables = body === null ? [] : addHtml(body, builder);
      const text = builder.text();
      let end = 0;
      for (const block of builder.blocks) {
        expect(block.start).toBeGreaterThanOrEqual(end);
        expect(block.end).toBeGreaterThan(block.start);
        expect(text.slice(end, block.start)).toMatch(/^\n*$/);
        if (block.headerEnd !== undefined) expect(block.headerEnd).toBeLessThanOrEqual(block.end);
        ({ end } = block);
      }
      expect(end).toBe(text.length);
      for (const table of tables) {
        expect(text.slice(table.start, table.end).trim()).not.toBe("");
        expect(new Set(table.rows.map((row) => row.length)).size).toBe(1);
      }
    }
  });
});

describe("a table of a page", () => {
  // Catches cells that slide into another column.
  it.each<[string, string[][], number]>([
    [
      "<table><tr><th>a<th>b<tr><td>1<td>2</table>",
      [
        ["a", "b"],
        ["1", "2"],
      ],
      1,
    ],
    [
      "<table><thead><tr><td>a<td>b</thead><tbody><tr><td>1<td>2</table>",
      [
        ["a", "b"],
        ["1", "2"],
      ],
      1,
    ],
    [
      "<table><tr><th>a<td>1<tr><th>b<td>2</table>",
      [
        ["a", "1"],
        ["b", "2"],
      ],
      0,
    ],
    [
      "<table><tr><td colspan=2>a<td>b<tr><td>1<td>2<td>3</table>",
      [
        ["a", "a", "b"],
        ["1", "2", "3"],
      ],
      0,
    ],
    [
      "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>",
      [
        ["a", "b"],
        ["a", "c"],
      ],
      0,
    ],
    [
      "<table><tr><td rowspan=9>a<td>b<tr><td>c</table>",
      [
        ["a", "b"],
        ["a", "c"],
      ],
      0,
    ],
    [
      "<table><tr><td colspan=2 rowspan=2>a<td>b<tr><td>c<tr><td>1<td>2<td>3</table>",
      [
        ["a", "a", "b"],
        ["a", "a", "c"],
        ["1", "2", "3"],
      ],
      0,
    ],
    [
      "<table><tr><td>a<tr><td>1<td>2<td>3</table>",
      [
        ["a", "", ""],
        ["1", "2", "3"],
      ],
      0,
    ],
    ["<table><tr></tr><tr><td>1<td>2</table>", [["1", "2"]], 0],
    ["<table><tr><td colspan=-3>a<td colspan=x>b</table>", [["a", "b"]], 0],
    ["<table><tr><td>a<table><tr><td>in</table><td>b</table>", [["a in", "b"]], 0],
    [
      "<table><tr><td>a<td hidden>h<td>b<tr><td>1<td>2</table>",
      [
        ["a", "b"],
        ["1", "2"],
      ],
      0,
    ],
    ["<table></table>", [], 0],
  ])("%s", (source, rows, headerRows) => {
    expect(gridOf(source)).toEqual({ rows, headerRows });
  });

  it("with spans that claim millions of cells costs little", () => {
    const wide = "<td colspan=99999999 rowspan=99999999>x</td>".repeat(40);
    const { rows } = gridOf(`<table>${`<tr>${wide}</tr>`.repeat(300)}</table>`);
    expect(rows.reduce((sum, row) => sum + row.length, 0)).toBeLessThan(20_000_000);
  });
});

describe("a page as a file", () => {
  async function readBytes(bytes: Uint8Array) {
    const items: ReadItem[] = [];
    const source = { path: "/a.html", bytes, fileType: { type: "html", mime: "text/html" }, password: undefined, limits, config: {} };
    const output = await html.read(source, {
      signal: new AbortController().signal,
      checkpoint: async () => {},
      emit: (item) => items.push(item),
    });
    const text = items.flatMap((item) => (item.kind === "page" ? item.page.text : [])).join();
    const metadata = items.flatMap((item) => (item.kind === "head" ? item.head.metadata : []))[0];
    return { text, metadata, output };
  }

  // Catches a page that becomes nonsense since it claims an encoding that it cannot have if the claim can be read.
  it.each(["utf-16", "UTF-16LE", "utf-16be", "utf-32", "utf-7", "ucs2", "unicode", "base64", "hex"])(
    "that claims to be in %s is read by its bytes",
    async (charset) => {
      const { text } = await readBytes(Buffer.from(`<meta charset="${charset}"><p>Größe über alles</p>`));
      expect(text).toBe("Größe über alles");
    },
  );

  it.each([
    ['<meta charset="koi8-r">', "koi8-r"],
    ["<meta charset = koi8-r >", "koi8-r"],
    ['<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"],
    ['<?xml version="1.0" encoding="koi8-r"?>', "koi8-r"],
  ])("says its encoding by %s", async (head, encoding) => {
    const { text, metadata, output } = await readBytes(
      Buffer.concat([Buffer.from(`${head}<p>`), Buffer.from([0xcb, 0xc1]), Buffer.from("</p>")]),
    );
    expect(text).toBe("ка");
    expect(metadata).toMatchObject({ encoding });
    expect(output.warnings).toEqual([]);
  });

  it("without visible text is empty, and so is one of hidden text only", async () => {
    for (const source of ["<html></html>", "<p hidden>x</p>", "<script>x</script>", "<title>only a title</title>"])
      await expect(readBytes(Buffer.from(source))).rejects.toMatchObject({ code: "FILE_EMPTY" });
  });

  it("gives bounded metadata, whatever stands in its head", async () => {
    const long = "x".repeat(100_000);
    const links = `<a href="${long}">${long}</a>`.repeat(5) + "<a href=y>z</a>".repeat(500);
    const { metadata } = await readBytes(
      Buffer.from(
        `<html lang="${long}"><head><title>${long}</title><meta name=author content="${long}"></head><body>x${links}</body></html>`,
      ),
    );
    expect(JSON.stringify(metadata).length).toBeLessThan(50_000);
    expect(metadata).toHaveProperty("links.length", 200);
  });
});
