import { describe, expect, it } from "vitest";
import type { Case } from "../../../src/main/features/batch/learn/lesson-store.ts";
import { toLesson } from "../../../src/main/features/batch/learn/lesson.ts";
import { measureRecipe } from "../../../src/main/features/batch/learn/measure-recipe.ts";
import type { Decision, Scalar } from "../../../src/shared/contract/batch.ts";
import { builtInRecipe, placedView } from "../../helpers/batch-views.ts";

const invoice = builtInRecipe("invoice");
const view = (total: string) =>
  placedView([
    [[50, "Quillon Textiles Ltd"]],
    [[50, "All our prices hold for a year"]],
    [
      [50, "Amount that we expect"],
      [300, total],
    ],
    [[50, "Greetings from the loom"]],
  ]);
const decision = (field: string, value: Scalar, action: Decision["action"] = "correct"): Decision => ({
  id: "00000000-0000-7000-8000-000000000001",
  act: "00000000-0000-7000-8000-000000000001",
  field,
  action,
  before: null,
  after: action === "flag" ? "strange" : { value, sure: 1, origin: "person" },
  who: "tester",
  at: 0,
});
const caseOf = (name: string, total: string, ...decisions: Decision[]): Case => ({
  subject: { fileHash: name, part: 0, recipe: { name: "invoice" } },
  textHash: name,
  view: view(total),
  decided: new Map(decisions.map((one) => [one.field, one])),
});

describe("a recipe measured by decisions", () => {
  it("counts what is right, wrong and missing by field, and names the mistakes", () => {
    const cases = [
      caseOf("a", "£12.00", decision("vendor", "Quillon Textiles Ltd", "accept"), decision("total", 12)),
      caseOf("b", "£99.00", decision("vendor", "Quillon"), decision("date", null)),
    ];
    expect(measureRecipe(invoice, cases, [])).toEqual({
      recipe: { name: "invoice", version: invoice.version },
      documents: 2,
      fields: [
        { field: "vendor", right: 1, wrong: 1, missing: 0 },
        { field: "total", right: 0, wrong: 0, missing: 1 },
        { field: "date", right: 1, wrong: 0, missing: 0 },
      ],
      mistakes: [
        { hash: "a", part: 0, field: "total", expected: 12, found: null },
        { hash: "b", part: 0, field: "vendor", expected: "Quillon", found: "Quillon Textiles Ltd" },
      ],
    });
  });

  // Catches: a figure that is good because each document was told its own answer.
  it("uses the lessons of other documents and never a document's own", () => {
    const both = [caseOf("a", "£12.00", decision("total", 12)), caseOf("b", "£99.00", decision("total", 99))];
    const lessons = both.flatMap(({ view: read, textHash, decided }) =>
      [...decided.values()].flatMap((one) => toLesson(one, read, textHash, invoice) ?? []),
    );
    expect(measureRecipe(invoice, both.slice(0, 1), lessons.slice(0, 1)).fields).toEqual([
      { field: "total", right: 0, wrong: 0, missing: 1 },
    ]);
    expect(measureRecipe(invoice, both, lessons).fields).toEqual([{ field: "total", right: 2, wrong: 0, missing: 0 }]);
  });

  it("passes over what is no case: flags, rows, fields that are gone", () => {
    const odd = caseOf("a", "£12.00", decision("total", 1, "flag"), decision("lines.0.amount", 3), decision("gone", 3));
    expect(measureRecipe(invoice, [odd], []).fields).toEqual([]);
    expect(measureRecipe(invoice, [], [])).toMatchObject({ documents: 0, fields: [], mistakes: [] });
  });

  it("lists a hundred mistakes at most", () => {
    const cases = Array.from({ length: 130 }, (_, index) => caseOf(String(index), "£12.00", decision("total", index + 1000)));
    const measured = measureRecipe(invoice, cases, []);
    expect(measured.mistakes).toHaveLength(100);
    expect(measured.fields[0]?.missing).toBe(130);
  });
});
