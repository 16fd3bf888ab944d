import { describe, expect, it } from "vitest";
import { viewDocument } from "../../../src/main/features/batch/extract/document-view.ts";
import { extract } from "../../../src/main/features/batch/extract/extract.ts";
import { readByModel } from "../../../src/main/features/batch/extract/model/read-by-model.ts";
import { halved, lineText, sectionsOf } from "../../../src/main/features/batch/extract/model/sections.ts";
import { CONTRADICTION, reconcile } from "../../../src/main/features/batch/extract/reconcile.ts";
import { createJudge } from "../../../src/main/features/batch/review/judge-record.ts";
import { valueAt } from "../../../src/main/features/batch/validate/values.ts";
import type { ChatModel, ChatOutput } from "../../../src/main/providers/chat-model.ts";
import type { FieldValue, Scalar } from "../../../src/shared/contract/batch.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { builtInRecipe, placedText } from "../../helpers/batch-views.ts";

const contract = builtInRecipe("contract");
const PAGES = 60;

type Row = readonly (readonly [number, string])[];
const clause = (page: number, line: number): Row => [
  [50, `${page}.${line} Both sides shall do with care what clause ${page} asks of them and of those who work for them.`],
];
/** A contract of sixty pages; `on` puts further lines onto pages (1-based). */
function longContract(on: Record<number, readonly Row[]> = {}) {
  const pages = Array.from({ length: PAGES }, (_, index): Row[] => [
    ...(on[index + 1] ?? []),
    ...Array.from({ length: 30 }, (__, line) => clause(index + 1, line + 1)),
  ]);
  return viewDocument(placedText(pages, "en"));
}

/** A model that answers by the document that it is shown, and remembers what it was shown. */
function answering(answer: (document: string, field: string, choices: readonly string[]) => string, mostCharacters = Infinity) {
  const shown: { document: string; fields: string[] }[] = [];
  const model: ChatModel = {
    id: "test:scripted",
    capabilities: { schema: true, template: true, logProbabilities: false, prefix: false },
    contextTokens: 2048,
    async generate({ messages, template = [] }, options): Promise<ChatOutput> {
      options?.signal?.throwIfAborted();
      const document = /"""\n(.*?)\n"""/su.exec(messages.map(({ text }) => text).join("\n"))?.[1] ?? "";
      if (document.length > mostCharacters)
        throw new AppError("INVALID_INPUT", "too long", { data: { promptTokens: 9_000, contextTokens: 2_048 } });
      const asked = template.flatMap((part) => (part.kind === "value" ? [part] : []));
      shown.push({ document, fields: asked.map(({ name }) => name) });
      const values = Object.fromEntries(asked.map(({ name, choices = [] }) => [name, answer(document, name, choices)]));
      return { text: "", values, stopReason: "end", promptTokens: 1, completionTokens: 1, cachedTokens: 0 } as unknown as ChatOutput;
    },
    warm: async () => undefined,
    countTokens: async (texts) => texts.map(() => 1),
    readingSpeed: () => undefined,
  };
  return { model, shown };
}
const { signal } = new AbortController();

describe("sections of a long document", () => {
  // Catches: lines that no section has, or two.
  it.each([300, 5_000, 15_000])("hold each line once and in order, at most %i characters", (most) => {
    const view = longContract();
    const sections = sectionsOf(view, most);
    expect(sections.flatMap(({ lines }) => lines)).toEqual(view.lines);
    for (const { lines } of sections) expect(lines.reduce((sum, line) => sum + lineText(line).length + 1, 0)).toBeLessThanOrEqual(most);
  });

  it("end with a page where a page fits", () => {
    const sections = sectionsOf(longContract(), 7_000);
    expect(sections.length).toBeGreaterThan(20);
    for (const { lines } of sections) expect(lines.at(-1)?.cells[0]?.text).toMatch(/^\d+\.30 /u);
  });

  it("are one for a document that is short, or empty", () => {
    const short = viewDocument(placedText([[clause(1, 1)]]));
    expect(sectionsOf(short, 5_000)).toHaveLength(1);
    expect(sectionsOf(viewDocument(placedText([[]])), 5_000)).toHaveLength(1);
    expect(halved(short)).toBeUndefined();
  });
});

describe("a contract of sixty pages", () => {
  // Catches: a document that is read up to some page.
  it("is read by rules to its last line", () => {
    const { fields } = extract(
      longContract({
        60: [
          [
            [50, "Contract number:"],
            [250, "LC-2024-77"],
          ],
          [
            [50, "Governing law:"],
            [250, "Scotland"],
          ],
        ],
      }),
      contract,
    );
    expect(valueAt(fields, "contract_number")).toMatchObject({ value: "LC-2024-77", page: 60 });
    expect(valueAt(fields, "governing_law")).toMatchObject({ value: "Scotland", page: 60 });
  });

  // Catches: a model that is shown the beginning and asked to sum up the whole.
  it("is shown to the model whole, section by section, and what it wrote of them is written again as one", async () => {
    const { model, shown } = answering((document, field) => {
      if (field !== "summary") return "none";
      const clauses = [...document.matchAll(/^(\d+)\.1 /gmu)].map(([, page]) => page);
      return clauses.length > 0 ? `About ${clauses.join(", ")}.` : "About all of it.";
    });
    const free = Object.entries(contract.schema.properties).find(
      ([, schema]) => schema.type !== "array" && schema["x-kind"] === "free",
    )?.[0];
    expect(free).toBe("summary");
    const fields = await readByModel(extract(longContract(), contract), contract, model, signal);
    const all = shown.map(({ document }) => document).join("\n");
    for (let page = 1; page <= PAGES; page += 1) expect(all).toContain(`${page}.30 Both sides`);
    expect(valueAt(fields, "summary")).toMatchObject({ value: "About all of it.", origin: "model" });
  });

  // Catches: the half of a section that does not fit left out without a word.
  it("is asked about in halves where a section is too long for the model", async () => {
    const { model, shown } = answering(() => "none", 1_700);
    await readByModel(extract(longContract(), contract), contract, model, signal);
    const all = shown.map(({ document }) => document).join("\n");
    for (let page = 1; page <= PAGES; page += 1) for (const line of [1, 15, 30]) expect(all).toContain(`${page}.${line} Both sides`);
  });

  // Catches: the first of two answers taken as if it were the only one.
  it("is flagged where two sections tell different values, and shows the other reading", async () => {
    const when = (date: string): Row => [
      [50, "Gets going on"],
      [300, date],
    ];
    const view = longContract({ 3: [when("1 March 2024")], 41: [when("15 June 2024")] });
    const { model } = answering((document, field, choices) =>
      field === "starts_on" ? (choices.find((choice) => choice !== "none" && document.includes(choice)) ?? "none") : "none",
    );
    const fields = await readByModel(extract(view, contract), contract, model, signal);
    const value = valueAt(fields, "starts_on");
    const [told, other] = [value?.value, value?.alternatives?.[0]];
    expect([told, other?.value].toSorted()).toEqual(["2024-03-01", "2024-06-15"]);
    expect([value?.page, other?.page].toSorted()).toEqual([3, 41]);
    const judge = await createJudge(contract);
    const { fields: judged, state } = judge(fields, [], false);
    expect(valueAt(judged, "starts_on")?.flags.map(({ rule }) => rule)).toContain(CONTRADICTION);
    expect(state).toBe("review");
  });

  it("is flagged where two pages contradict each other under the same label", async () => {
    const law = (name: string): Row => [
      [50, "Contract number:"],
      [250, name],
    ];
    const { fields } = extract(longContract({ 2: [law("LC-2024-77")], 58: [law("LC-2024-78")] }), contract);
    const value = valueAt(fields, "contract_number");
    expect(value).toMatchObject({ value: "LC-2024-77", flags: [{ rule: CONTRADICTION, message: "Page 58 says LC-2024-78." }] });
    expect(value?.alternatives?.[0]).toMatchObject({ value: "LC-2024-78", page: 58 });
  });

  it("stops in the middle when nobody waits any more", async () => {
    const stop = new AbortController();
    const { model, shown } = answering(() => {
      stop.abort();
      return "none";
    });
    await expect(readByModel(extract(longContract(), contract), contract, model, stop.signal)).rejects.toThrow();
    expect(shown).toHaveLength(1);
  });
});

describe("a model that is asked for everything", () => {
  // Catches: a value of the rules counted as the model's own where it said that there is none.
  it.each([
    ["short", viewDocument(placedText([[[[50, "Contract number: LC-2024-77"]]]], "en"))],
    ["long", longContract({ 7: [[[50, "Contract number: LC-2024-77"]]] })],
  ])("leaves a field empty that it does not find in a %s document", async (_, view) => {
    const reading = extract(view, contract);
    expect(valueAt(reading.fields, "contract_number")?.value).toBe("LC-2024-77");
    const fields = await readByModel(reading, contract, answering(() => "none").model, signal, "all");
    expect(valueAt(fields, "contract_number")?.value).toBeNull();
  });
});

describe("values that sections tell", () => {
  const value = (of: Scalar, sure: number, page: number): FieldValue => ({ value: of, sure, page, origin: "model", flags: [] });

  it("are one where they agree, and nothing where there is none", () => {
    expect(reconcile([], undefined)).toBeUndefined();
    expect(reconcile([value("a", 0.5, 1), value("a", 0.7, 9)], undefined)).toEqual(value("a", 0.7, 9));
    expect(reconcile([value(null, 0.9, 1), value("a", 0.4, 2)], undefined)?.flags).toEqual([]);
  });

  it("are that which was read before, then the surest, with the others beside it", () => {
    const told = [value("a", 0.5, 1), value("b", 0.8, 2), value("c", 0.7, 3)];
    expect(reconcile(told, undefined)).toMatchObject({ value: "b", flags: [{ rule: CONTRADICTION, message: "Page 3 says c." }] });
    const kept = reconcile(told, value("a", 0.5, 1));
    expect(kept).toMatchObject({ value: "a", sure: 0.3 });
    expect(kept?.alternatives?.map((other) => other.value)).toEqual(["b", "c"]);
  });
});
