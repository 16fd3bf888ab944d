import { describe, expect, it } from "vitest";
import { equationText, type EquationNode } from "../../../src/main/engines/readers/office/equation-text.ts";

const node = (name: string, parts: EquationNode[] = [], value?: string): EquationNode => ({ name, value, text: "", parts });
const run = (text: string): EquationNode => node("r", [{ name: "t", value: undefined, text, parts: [] }]);
const part = (name: string, text: string) => node(name, text === "" ? [] : [run(text)]);
/** Properties of an element, such as the sign of a sum. */
const look = (name: string, values: Record<string, string>) =>
  node(
    name,
    Object.entries(values).map(([key, value]) => node(key, [], value)),
  );

describe("an equation on one line", () => {
  // Catches an index that takes only its first letter along when it is read as LaTeX.
  it.each([
    ["2", "x^2"],
    ["10", "x^{10}"],
    ["n+1", "x^{n+1}"],
    ["", "x^{}"],
  ])("puts braces around an exponent of more than one sign: %s", (exponent, expected) => {
    expect(equationText(node("sSup", [part("e", "x"), part("sup", exponent)]))).toBe(expected);
    expect(equationText(node("sSub", [part("e", "x"), part("sub", exponent)]))).toBe(expected.replace("^", "_"));
  });

  // Catches a sum under a power that loses its group: a+b^2 is another number than {a+b}^2.
  it("keeps what a power stands over together", () => {
    expect(equationText(node("sSup", [part("e", "a+b"), part("sup", "2")]))).toBe("{a+b}^2");
    expect(equationText(node("sSup", [part("e", "(a+b)"), part("sup", "2")]))).toBe("(a+b)^2");
    expect(equationText(node("sSubSup", [part("e", "x"), part("sub", "i"), part("sup", "2")]))).toBe("x_i^2");
  });

  // Catches numerator and denominator exchanged, and a fraction on the line whose parts run into their neighbours.
  it("tells the kinds of fractions apart", () => {
    const parts = [part("num", "a+b"), part("den", "c")];
    expect(equationText(node("f", parts))).toBe("\\frac{a+b}{c}");
    expect(equationText(node("f", [look("fPr", { type: "lin" }), ...parts]))).toBe("{a+b}/c");
    expect(equationText(node("f", [look("fPr", { type: "skw" }), ...parts]))).toBe("{a+b}/c");
    expect(equationText(node("f", [look("fPr", { type: "noBar" }), ...parts]))).toBe("{a+b \\atop c}");
  });

  // Catches a binomial coefficient read as brackets around a fraction, and other brackets read as a binomial.
  it("knows n over k by its round brackets alone", () => {
    const stacked = node("e", [node("f", [look("fPr", { type: "noBar" }), part("num", "n"), part("den", "k")])]);
    expect(equationText(node("d", [stacked]))).toBe("\\binom{n}{k}");
    expect(equationText(node("d", [look("dPr", { begChr: "[", endChr: "]" }), stacked]))).toBe("[{n \\atop k}]");
  });

  // Catches a bracket that is invisible by its property and comes back as the round one.
  it("takes brackets and separators from the properties, empty ones too", () => {
    expect(equationText(node("d", [part("e", "x"), part("e", "y")]))).toBe("(x|y)");
    expect(equationText(node("d", [look("dPr", { begChr: "{", endChr: "", sepChr: "," }), part("e", "x"), part("e", "y")]))).toBe("\\{x,y");
  });

  // Catches an index of a root that is taken for the number under it.
  it("keeps the degree of a root apart", () => {
    expect(equationText(node("rad", [part("deg", ""), part("e", "x")]))).toBe("\\sqrt{x}");
    expect(equationText(node("rad", [part("deg", "3"), part("e", "x")]))).toBe("\\sqrt[3]{x}");
  });

  // Catches limits that are exchanged or written where there are none.
  it.each([
    ["∑", "\\sum"],
    ["∏", "\\prod"],
    ["∮", "\\oint"],
    ["⋃", "\\bigcup"],
    ["⊕", "⊕"],
  ])("names the sign %s and sets its limits", (sign, name) => {
    const sized = (sub: string, sup: string) =>
      equationText(node("nary", [look("naryPr", { chr: sign }), part("sub", sub), part("sup", sup), part("e", "k")]));
    expect(sized("i=1", "n")).toBe(`${name}_{i=1}^n k`);
    expect(sized("", "")).toBe(`${name} k`);
  });

  // Catches an unnamed sign that is no integral: the standard says it is one.
  it("takes a sign that is not named for an integral", () => {
    expect(equationText(node("nary", [part("sub", "0"), part("sup", "1"), part("e", "x")]))).toBe("\\int_0^1 x");
  });

  // Catches words that merely begin like a function and would be set as one.
  it.each([
    ["sin", "\\sin"],
    ["arctan", "\\arctan"],
    ["sinh", "\\sinh"],
    ["lim", "\\lim"],
    ["sine", "sine"],
    ["f", "f"],
    ["constructor", "constructor"],
  ])("names the function %s", (name, expected) => {
    expect(equationText(node("func", [part("fName", name), part("e", "x")]))).toBe(`${expected} x`);
  });

  it("sets rows of matrices and of systems of equations", () => {
    const row = (...cells: string[]) =>
      node(
        "mr",
        cells.map((cell) => part("e", cell)),
      );
    expect(equationText(node("m", [look("mPr", {}), row("a", "b"), row("c", "d")]))).toBe("\\begin{matrix}a & b \\\\ c & d\\end{matrix}");
    expect(equationText(node("eqArr", [part("e", "x=1"), part("e", "y=2")]))).toBe("x=1 \\\\ y=2");
  });

  // Catches a document's own signs that end a group or begin a command, and a backslash that is escaped twice.
  it("escapes the signs of the language it writes", () => {
    expect(equationText(run("50% {a} & $b #1"))).toBe("50\\% \\{a\\} \\& \\$b \\#1");
    expect(equationText(run("\\input"))).toBe("\\backslash input");
  });

  // Catches deleted text that comes back, and looks that are read as content.
  it("leaves out what was deleted and how it looks, and reads what it does not know through", () => {
    expect(equationText(node("oMath", [run("a"), node("del", [run("b")]), node("ctrlPr", [run("c")]), node("novel", [run("d")])]))).toBe(
      "ad",
    );
  });

  // Catches accents looked up in the prototype and one that is left off for not being known.
  it("sets accents, a hat where none is named", () => {
    expect(equationText(node("acc", [look("accPr", { chr: "\u20d7" }), part("e", "v")]))).toBe("\\vec{v}");
    expect(equationText(node("acc", [part("e", "v")]))).toBe("\\hat{v}");
    expect(equationText(node("bar", [look("barPr", { pos: "top" }), part("e", "v")]))).toBe("\\overline{v}");
    expect(equationText(node("bar", [part("e", "v")]))).toBe("\\underline{v}");
  });

  // Catches an element without its parts, as a damaged document has it, that throws and loses the whole file.
  it.each(["f", "sSup", "sSub", "sSubSup", "sPre", "rad", "nary", "d", "func", "limLow", "limUpp", "bar", "acc", "groupChr", "m", "eqArr"])(
    "reads a %s without any parts",
    (name) => {
      expect(equationText(node(name))).not.toContain("undefined");
    },
  );
});
