import { describe, expect, it } from "vitest";
import { withEquationsAsText } from "../../../src/main/engines/readers/office/office-equations.ts";

const run = (text: string) => `<m:r><m:rPr><m:sty m:val="p"/></m:rPr><w:rPr><w:b/></w:rPr><m:t>${text}</m:t></m:r>`;
const of = (name: string, ...parts: string[]) => `<m:${name}>${parts.join("")}</m:${name}>`;
const e = (...parts: string[]) => of("e", ...parts);
const value = (name: string, text: string) => `<m:${name} m:val="${text}"/>`;
const math = (...parts: string[]) => of("oMath", ...parts);
const square = (base: string, power: string) => of("sSup", e(run(base)), of("sup", run(power)));
const fraction = (above: string, below: string, type = "") =>
  of("f", type === "" ? "" : of("fPr", value("type", type)), of("num", above), of("den", below));

/** The text that a reader of Word files finds in the result, breaks as new lines. */
const read = (xml: string) =>
  [...withEquationsAsText(xml, "docx").matchAll(/<w:t[^>]*>([^<]*)<\/w:t>|<w:br\/>/g)]
    .map(([, text]) => text ?? "\n")
    .join("")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

describe("an equation of Word is read on one line", () => {
  it.each([
    ["a power", square("x", "2"), "x^2"],
    ["a long power", square("e", "2x"), "e^{2x}"],
    ["an index", of("sSub", e(run("a")), of("sub", run("n"))), "a_n"],
    ["an index and a power", of("sSubSup", e(run("a")), of("sub", run("n")), of("sup", run("2"))), "a_n^2"],
    ["scripts before it, which were lost", of("sPre", of("sub", run("2")), of("sup", run("4")), e(run("He"))), "{}_2^4He"],
    ["one script before it", of("sPre", of("sub", run("+")), of("sup"), e(run("τ"))), "{}_{+}τ"],
    ["a fraction of single letters, which ran into its command", fraction(run("n"), run("k")), "\\frac{n}{k}"],
    ["a fraction in a line", fraction(run("1"), run("a+b"), "lin"), "1/{a+b}"],
    ["a binomial, which was taken for a fraction", of("d", e(fraction(run("n"), run("k"), "noBar"))), "\\binom{n}{k}"],
    ["a root", of("rad", of("radPr", value("degHide", "1")), of("deg"), e(run("c"))), "\\sqrt{c}"],
    ["a cube root", of("rad", of("deg", run("3")), e(run("c"))), "\\sqrt[3]{c}"],
    [
      "a sum",
      of("nary", of("naryPr", value("chr", "∑")), of("sub", run("k=0")), of("sup", run("n")), e(square("x", "k"))),
      "\\sum_{k=0}^n x^k",
    ],
    ["an integral, whose sign is the default", of("nary", of("sub"), of("sup"), e(run("f"))), "\\int f"],
    ["a function", of("func", of("fName", run("sin")), e(run("x"))), "\\sin x"],
    ["a limit", of("func", of("fName", of("limLow", e(run("lim")), of("lim", run("x→0")))), e(run("f"))), "\\lim_{x→0} f"],
    ["a function of its own name", of("func", of("fName", run("foo")), e(run("x"))), "foo x"],
    [
      "a matrix",
      of(
        "d",
        of("dPr", value("begChr", "["), value("endChr", "]")),
        e(of("m", of("mr", e(run("1")), e(run("2"))), of("mr", e(run("3")), e(run("4"))))),
      ),
      "[\\begin{matrix}1 & 2 \\\\ 3 & 4\\end{matrix}]",
    ],
    [
      "cases without an end",
      of("d", of("dPr", value("begChr", "{"), value("endChr", "")), e(of("eqArr", e(run("x=1")), e(run("y=2"))))),
      "\\{x=1 \\\\ y=2",
    ],
    ["parts between bars", of("d", e(run("a")), e(run("b"))), "(a|b)"],
    ["a line above", of("bar", of("barPr", value("pos", "top")), e(run("x"))), "\\overline{x}"],
    ["an arrow above", of("acc", of("accPr", value("chr", "\u20d7")), e(run("v"))), "\\vec{v}"],
    ["signs of XML and of LaTeX", run("50% &lt; x &amp; y"), "50\\% < x \\& y"],
    ["one in another", fraction(of("rad", e(square("b", "2"))), fraction(run("1"), run("2"))), "\\frac{\\sqrt{b^2}}{\\frac{1}{2}}"],
  ])("%s", (_, xml, text) => {
    expect(read(math(xml))).toBe(text);
  });
});

it("text around it stays where it was", () => {
  const text = (words: string) => `<w:r><w:t>${words}</w:t></w:r>`;
  expect(read(`<w:p>${text("so ")}${math(square("c", "2"))}${text(" it is")}</w:p>`)).toBe("so c^2 it is");
  const plain = `<w:p>${text("no equation")}</w:p>`;
  expect(withEquationsAsText(plain, "docx")).toBe(plain);
});

it("equations that follow each other are not run together (a=b, c=d was read as a=bc=d)", () => {
  expect(read(math(run("a=b")) + math(run("c=d")))).toBe("a=b\nc=d");
  expect(read(of("oMathPara", of("oMathParaPr", value("jc", "left")), math(run("a=b")), math(run("c=d"))))).toBe("a=b\nc=d");
});

it("what was deleted by its author is not read", () => {
  expect(read(math(run("a"), `<w:del w:id="1">${run("b")}</w:del>`))).toBe("a");
});

describe("an equation of a slide", () => {
  const wrapped = (...parts: string[]) => `<a14:m xmlns:a14="x">${parts.join("")}</a14:m>`;
  const slide = (inside: string) => withEquationsAsText(`<a:p>${inside}</a:p>`, "pptx");

  // Catches: a run inside of the element that the parser of slides does not look into: the equation would be lost.
  it("stands as a run of its paragraph, without what wrapped it", () => {
    expect(slide(`<a:r><a:t>so </a:t></a:r>${wrapped(of("oMathPara", math(square("c", "2"))))}`)).toBe(
      "<a:p><a:r><a:t>so </a:t></a:r><a:r><a:t>c^2</a:t></a:r></a:p>",
    );
    expect(slide(wrapped(math(square("c", "2"))))).toBe("<a:p><a:r><a:t>c^2</a:t></a:r></a:p>");
  });

  it("is on a line of its own where another follows", () => {
    expect(slide(wrapped(of("oMathPara", math(run("a=b")), math(run("c=d")))))).toContain("a=b</a:t></a:r><a:br/><a:r><a:t>c=d");
    expect(slide(wrapped(math(run("a"))) + wrapped(math(run("b"))))).toContain("<a:br/>");
  });

  // Catches: the first equation of a slide that gets a break before it, since nothing stands between it and the start.
  it("has no break before the first", () => {
    expect(withEquationsAsText(wrapped(math(run("a"))), "pptx")).toBe("<a:r><a:t>a</a:t></a:r>");
  });

  it("that is one of two ways to show it is left to the parser, which chooses; one after it is not", () => {
    const either = `<mc:AlternateContent><mc:Choice Requires="a14">${wrapped(math(run("a")))}</mc:Choice><mc:Fallback/></mc:AlternateContent>`;
    expect(slide(either)).toBe(`<a:p>${either}</a:p>`);
    expect(slide(either + wrapped(math(run("b"))))).toBe(`<a:p>${either}<a:r><a:t>b</a:t></a:r></a:p>`);
  });

  it("that is not closed stays as it is and costs one look", () => {
    const open = `<a:p>${"<a14:m>".repeat(200_000)}`;
    expect(withEquationsAsText(open, "pptx")).toBe(open);
  });
});

describe("hostile XML", () => {
  it("nested a hundred thousand deep keeps its text, and overflows no stack", () => {
    const deep = 100_000;
    const xml = math(`${"<m:e>".repeat(deep)}${run("x")}${"</m:e>".repeat(deep)}`, run("y"));
    expect(read(xml)).toBe("xy");
  });

  it("that is not closed, or closed too often, stays as it is and costs one look", () => {
    const open = `<w:p>${"<m:oMath>".repeat(200_000)}`;
    expect(withEquationsAsText(open, "docx")).toBe(open);
    const unquoted = `<m:oMath ${'a="'.repeat(300_000)}`;
    expect(withEquationsAsText(unquoted, "docx")).toBe(unquoted);
    expect(read(`${math(run("x"))}</m:oMath></m:oMath>`)).toBe("x");
  });

  it("puts no markup of its own into the part", () => {
    expect(withEquationsAsText(math(run("&lt;w:p&gt;")), "docx")).not.toContain("<w:p>");
  });
});
