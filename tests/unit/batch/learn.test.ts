import { describe, expect, it } from "vitest";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import type { DocumentView } from "../../../src/main/features/batch/extract/document-view.ts";
import { agreement, anchorsOf } from "../../../src/main/features/batch/learn/anchors.ts";
import { layoutOf, similarity, wordsOf } from "../../../src/main/features/batch/learn/layout.ts";
import { type Lesson, toLesson } from "../../../src/main/features/batch/learn/lesson.ts";
import { applyTo } from "../../../src/main/features/batch/learn/teach.ts";
import { valueAt } from "../../../src/main/features/batch/validate/values.ts";
import type { Decision, Scalar } from "../../../src/shared/contract/batch.ts";
import { builtInRecipe, placedView } from "../../helpers/batch-views.ts";

const invoice = builtInRecipe("invoice");

/** A supplier whose words no recipe knows: the number beside `Vorgang`, the sum below `Schluss`. */
type Month = { number?: string; date?: string; total?: string; other?: string; vendor?: string; shift?: boolean };
const odd = ({ number = "K7-2201", date = "03/04/2024", total = "412.80", other = "55.10", vendor = "Werkhof", shift }: Month = {}) =>
  placedView([
    [[50, vendor]],
    [[50, "Halle am alten Hafen"]],
    ...(shift ? [[[50, "Bitte beachten Sie die neue Anschrift"]] as const] : []),
    [
      [50, "Vorgang"],
      [200, number],
    ],
    [
      [50, "Gebucht am"],
      [200, date],
    ],
    [
      [50, "Zwischenstand"],
      [200, other],
    ],
    [
      [50, "Schlussbetrag ohne Abzug"],
      [200, total],
    ],
    [[50, "Mit freundlichem Gruss aus der Halle"]],
  ]);

let made = 0;
const decision = (field: string, after: unknown, before: unknown = null, action: Decision["action"] = "correct"): Decision => ({
  id: `00000000-0000-7000-8000-${String((made += 1)).padStart(12, "0")}`,
  act: "00000000-0000-7000-8000-000000000000",
  field,
  action,
  before,
  after,
  who: "tester",
  at: 0,
});
const typed = (value: Scalar) => ({ value, sure: 1, origin: "person" });
const learn = (view: DocumentView, field: string, value: Scalar, before: unknown = null) => {
  const lesson = toLesson(decision(field, typed(value), before), view, "earlier", invoice);
  if (!lesson) throw new Error("it teaches nothing");
  return lesson;
};
const readWith = (view: DocumentView, lessons: readonly Lesson[], textHash?: string) =>
  extract(view, invoice, { lessons, ...(textHash === undefined ? {} : { textHash }) }).fields;

describe("what a correction teaches", () => {
  // Catches: a person who corrects the same supplier every month.
  it("finds the value of the next document where it stood in the last", () => {
    const next = odd({ number: "K7-2302", total: "98.15", other: "40.00" });
    expect(valueAt(readWith(next, []), "total")?.value).not.toBe(98.15);
    const taught = readWith(next, [learn(odd(), "total", 412.8), learn(odd(), "invoice_number", "K7-2201")]);
    expect(valueAt(taught, "total")).toMatchObject({ value: 98.15, raw: "98.15", page: 1, origin: "rule" });
    expect(valueAt(taught, "invoice_number")).toMatchObject({ value: "K7-2302", raw: "K7-2302" });
  });

  // Catches: learned points instead of learned words: one line more and the value of another row is taken.
  it("follows the words when the rows have moved", () => {
    const moved = odd({ total: "98.15", other: "40.00", shift: true });
    expect(valueAt(readWith(moved, [learn(odd(), "total", 412.8)]), "total")?.value).toBe(98.15);
  });

  // Catches: the value of an earlier document that is copied into the next.
  it("carries no value over: each stands in its own document", () => {
    const next = odd({ total: "98.15", vendor: "Ganz andere Leute" });
    const fields = readWith(next, [learn(odd(), "vendor", "Werkhof"), learn(odd(), "total", 412.8)]);
    expect(valueAt(fields, "vendor")?.value).not.toBe("Werkhof");
    for (const field of ["vendor", "total"]) {
      const { value, raw, start, end } = valueAt(fields, field) ?? {};
      if (value !== null) expect(next.text.slice(start, end)).toBe(raw);
    }
  });

  // Catches: a vendor that a person named and that stays unread, since nothing in its name says that it is a company.
  it("knows the lasting name of a sender again", () => {
    expect(valueAt(readWith(odd({ number: "K7-9", total: "1.00" }), [learn(odd(), "vendor", "Werkhof")]), "vendor")).toMatchObject({
      value: "Werkhof",
      page: 1,
    });
  });

  // Catches: a lesson of one supplier that is applied to all others.
  it("leaves documents of another layout alone", () => {
    const stranger = placedView([
      [[50, "Alder & Finch Ltd"]],
      [
        [50, "Invoice number:"],
        [200, "INV-1"],
      ],
      [
        [50, "Invoice date:"],
        [200, "5 March 2024"],
      ],
      [
        [50, "Total due:"],
        [200, "£120.00"],
      ],
    ]);
    const lessons = [learn(odd(), "total", 412.8), learn(odd(), "vendor", "Werkhof"), learn(odd(), "invoice_number", "K7-2201")];
    expect(readWith(stranger, lessons)).toEqual(readWith(stranger, []));
  });

  // Catches: a recipe that is measured by the very document it was told.
  it("does not let a document teach itself", () => {
    const view = odd();
    expect(readWith(view, [learn(view, "total", 412.8)], "earlier")).toEqual(readWith(view, []));
  });

  // Catches: a wrong reading that comes back although a person said that there is no such thing.
  it("leaves empty what a person emptied", () => {
    const view = odd();
    const wrong = valueAt(readWith(view, [learn(view, "due_date", "2024-04-03")]), "date");
    const at = view.text.indexOf("03/04/2024");
    const before = { value: "2024-03-04", raw: "03/04/2024", start: at, end: at + 10, sure: 0.8, origin: "rule" };
    const lesson = learn(view, "date", null, before);
    expect(lesson).toMatchObject({ value: null, place: undefined });
    expect(lesson.avoid?.before).toBe("gebucht am");
    expect(wrong === undefined || wrong.value === null || typeof wrong.value === "string").toBe(true);
    const taught = learn(view, "date", "2024-03-04");
    const both = readWith(odd({ date: "11/12/2024" }), [lesson, taught]);
    expect(valueAt(readWith(odd({ date: "11/12/2024" }), [lesson]), "date")?.value).toBeNull();
    expect(valueAt(both, "date")?.value).not.toBeNull();
  });

  // Catches: days and months that a person swaps back in each document of a supplier.
  it("learns the order of dates where the document leaves it open", () => {
    const view = odd({ date: "03/04/2024" });
    const at = view.text.indexOf("03/04/2024");
    const before = { value: "2024-03-04", raw: "03/04/2024", start: at, end: at + 10, sure: 0.7, origin: "rule" };
    const lesson = learn(view, "date", "2024-04-03", before);
    expect(lesson.order).toBe("dmy");
    expect(valueAt(readWith(odd({ date: "05/06/2024" }), [lesson]), "date")?.value).toBe("2024-06-05");
    // What the document itself decides is not overruled.
    expect(valueAt(readWith(odd({ date: "05/26/2024" }), [lesson]), "date")?.value).toBe("2024-05-26");
  });

  // Catches: an old lesson that stands against a newer one of the same layout.
  it("prefers the newer of two lessons", () => {
    const [newer, older] = [learn(odd(), "total", 55.1), learn(odd(), "total", 412.8)];
    const next = odd({ total: "98.15", other: "40.00" });
    expect(valueAt(readWith(next, [newer, older]), "total")?.value).toBe(40);
    expect(valueAt(readWith(next, [older, newer]), "total")?.value).toBe(98.15);
  });

  it("is sure of what was taught only where the words agree", () => {
    const fields = readWith(odd({ total: "98.15" }), [learn(odd(), "total", 412.8)]);
    expect(valueAt(fields, "total")?.sure).toBeGreaterThan(0.8);
    expect(valueAt(fields, "total")?.sure).toBeLessThan(1);
  });
});

describe("a decision as a lesson", () => {
  // Catches: a crash of a whole run over one decision of an older recipe.
  it.each<[string, Decision]>([
    ["of a row", decision("lines.0.amount", typed(3))],
    ["of a field that the recipe lacks", decision("gone", typed(3))],
    ["of a table", decision("lines", typed(3))],
    ["that is no value", decision("total", "412.80")],
    ["of nothing, before and after", decision("total", typed(null))],
  ])("is none when it is %s", (_, made) => {
    expect(toLesson(made, odd(), "x", invoice)).toBeUndefined();
  });

  // Catches: offsets of another text taken for a place in this one.
  it("looks for the value where its offsets belong to another text", () => {
    const view = odd();
    const after = { ...typed(412.8), raw: "412.80", start: 3, end: 9 };
    const lesson = toLesson(decision("total", after), view, "x", invoice);
    expect(lesson).toMatchObject({ raw: "412.80", place: { before: "schlussbetrag ohne abzug" } });
    expect(lesson?.line).toBe("Schlussbetrag ohne Abzug  412.80");
  });

  // Catches: an example with no words, which a model would be shown as if it meant something.
  it("has no place for what does not stand in the document", () => {
    expect(learn(odd(), "vendor", "Somebody Else Ltd")).toMatchObject({ place: undefined, raw: undefined, line: undefined });
  });

  it("takes the place that a person drew before any other", () => {
    const view = placedView([[[50, "Soll 77.00"]], [[50, "Haben 77.00"]], [[50, "Saldo aller Buchungen"]]]);
    const at = view.text.lastIndexOf("77.00");
    const lesson = toLesson(decision("total", { ...typed(77), raw: "77.00", start: at, end: at + 5 }), view, "x", invoice);
    expect(lesson?.place).toMatchObject({ before: "haben", inCell: true });
  });
});

describe("layouts", () => {
  it("are the words without the numbers", () => {
    expect(wordsOf("Total (incl. 19 % VAT): 12.50")).toBe("total incl % vat");
    expect(wordsOf("ÄRGER über Öl")).toBe(wordsOf("arger uber ol"));
    expect([...layoutOf(odd())]).toContain("schlussbetrag ohne abzug");
    expect([...layoutOf(odd())].some((cell) => /\d/u.test(cell))).toBe(false);
  });

  it("are alike where the words are, and not by chance", () => {
    const one = layoutOf(odd());
    expect(similarity(one, layoutOf(odd({ number: "9", total: "1.00" })))).toBe(1);
    expect(similarity(one, new Set())).toBe(0);
    expect(similarity(new Set(["total", "date"]), new Set(["total", "date"]))).toBe(0);
    expect(similarity(one, layoutOf(placedView([[[50, "Invoice"]], [[50, "Customer name"]], [[50, "Payment terms"]]])))).toBe(0);
  });

  it("are bounded for documents without end", () => {
    const rows = Array.from({ length: 2_000 }, (_, row) => [
      [50, `word ${String.fromCodePoint(97 + (row % 26))}${"abc".repeat(row % 9)}`] as const,
    ]);
    expect(layoutOf(placedView(rows)).size).toBeLessThanOrEqual(300);
  });

  it("puts lessons of like documents first and keeps the order of the rest", () => {
    const far = { ...learn(odd(), "total", 412.8), layout: new Set(["quite", "other words", "than these"]) };
    const near = learn(odd(), "total", 412.8);
    expect(applyTo(odd(), undefined, [far, near]).map(({ alike }) => alike)).toEqual([1, 0]);
    expect(applyTo(odd(), "earlier", [far, near])).toEqual([]);
    expect(applyTo(odd(), undefined, [])).toEqual([]);
  });
});

describe("places", () => {
  const placeIn = (view: DocumentView, words: string) => {
    const start = view.text.indexOf(words);
    const cell = view.lines.flatMap(({ cells }) => cells).find((one) => start >= one.start && start < one.end);
    if (!cell) throw new Error(`there is no ${words}`);
    return anchorsOf(view, { cell, start, end: start + words.length });
  };

  it("are told by the words before, in the cell or beside it, and those above", () => {
    expect(placeIn(odd(), "412.80")).toMatchObject({ before: "schlussbetrag ohne abzug", inCell: false, page: 0 });
    expect(placeIn(placedView([[[50, "Betrag in Euro: 12.00"]]]), "12.00")).toMatchObject({ before: "betrag in euro", inCell: true });
    expect(placeIn(placedView([[[200, "Betrag"]], [[200, "12.00"]]]), "12.00")).toMatchObject({ before: "", above: "betrag" });
    expect(placeIn(placedView([[[200, "12.00"]]]), "12.00")).toMatchObject({ before: "", above: "" });
  });

  // Catches: the row above or below taken for the same, since it stands near.
  it("differ where other words stand before them, however near they are", () => {
    const view = odd();
    const [total, other] = [placeIn(view, "412.80"), placeIn(view, "55.10")];
    expect(agreement(total, other)).toBeLessThan(0.5);
    expect(agreement(total, total)).toBeGreaterThanOrEqual(0.9);
    expect(agreement(total, { ...total, page: 3, y0: 700, x0: 5, x1: 9 })).toBeGreaterThanOrEqual(0.5);
  });

  it("without words are the same only where they lie at the same spot", () => {
    const alone = placeIn(placedView([[[200, "12.00"]]]), "12.00");
    expect(agreement(alone, alone)).toBeGreaterThanOrEqual(0.5);
    expect(agreement(alone, { ...alone, y0: alone.y0 + 100 })).toBeLessThan(0.5);
    expect(agreement(alone, { ...alone, page: 1 })).toBeLessThan(0.5);
  });
});
