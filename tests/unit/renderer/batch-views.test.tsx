import { describe, expect, test } from "vitest";
import { type BatchResult, type FieldValue, resultStates } from "../../../src/shared/contract/batch.ts";
import { EvidenceText } from "../../../src/renderer/features/batch/review/evidence-text.tsx";
import { FieldEditor } from "../../../src/renderer/features/batch/recipe/field-editor.tsx";
import { FieldPane } from "../../../src/renderer/features/batch/review/field-pane.tsx";
import { ProvenanceMark } from "../../../src/renderer/features/batch/review/provenance-mark.tsx";
import { RecipeView } from "../../../src/renderer/features/batch/recipe/recipe-view.tsx";
import { ResultRow } from "../../../src/renderer/features/batch/run/result-row.tsx";
import { ResultState } from "../../../src/renderer/features/batch/run/result-state.tsx";
import { ReviewDone } from "../../../src/renderer/features/batch/review/review-done.tsx";
import type { FieldPaneProps } from "../../../src/renderer/features/batch/review/review-props.ts";
import { ReviewQueue } from "../../../src/renderer/features/batch/review/review-queue.tsx";
import { eachValue, provenanceWords } from "../../../src/renderer/features/batch/values.ts";
import { messages } from "../../../src/renderer/features/batch/messages.ts";
import { wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { builtInRecipe } from "../../helpers/batch-views.ts";
import { hostileTexts, isHarmless, markupOf, wordsOf } from "../../helpers/markup.tsx";
import { runOf, valueOf, resultOf, recordOf, inLine, buttonNames, disabledButton } from "../../helpers/batch-results.ts";

const say = wordsIn(messages, "en");
const nothing = () => {};

describe("the state of a document", () => {
  // Catches: two states that look alike, or that only a colour tells apart.
  test("is an icon and a word of its own in each state", () => {
    const marks = resultStates.map((state) => markupOf(<ResultState state={state} />));
    expect(new Set(marks.map(wordsOf)).size).toBe(resultStates.length);
    expect(new Set(marks.map((mark) => /class="lucide ([^"]*)"/.exec(mark)?.[1])).size).toBe(resultStates.length);
    for (const mark of marks) expect(mark).toMatch(/<svg[^>]*aria-hidden/);
  });
});

test("where a value came from is said in words, never by colour alone", () => {
  for (const of of ["source", "model", "human", "none"] as const) {
    const mark = markupOf(<ProvenanceMark of={of} />);
    expect(wordsOf(mark)).toBe(`${say(provenanceWords[of])}:`);
    expect(mark).toMatch(/aria-hidden[^>]*class="size-2/);
  }
});

describe("a row of the grid", () => {
  const row = (more: Partial<BatchResult> = {}, names = ["total"]) =>
    markupOf(
      <ResultRow
        result={resultOf(more)}
        names={names}
        template="1fr"
        index={3}
        top={96}
        active={false}
        onChoose={nothing}
        onOpen={nothing}
      />,
    );

  test("counts the head as the first row, so that a reader hears the right number", () => {
    expect(row()).toContain('id="result-3" aria-rowindex="5"');
  });

  test("that is not there yet says that it is coming and shows no cell", () => {
    const markup = markupOf(
      <ResultRow result={undefined} names={["total"]} template="1fr" index={0} top={0} active onChoose={nothing} onOpen={nothing} />,
    );
    expect(markup).toContain('aria-busy="true"');
    expect(markup).not.toContain("gridcell");
  });

  test("has one cell a column, also where a document lacks the field", () => {
    const markup = row({}, ["total", "vendor", "date"]);
    expect(markup.match(/role="gridcell"/g)).toHaveLength(5);
    expect(markup.match(/aria-label="not read"/g)).toHaveLength(2);
  });

  // Catches: why a file was not read hidden behind empty columns.
  test("of a file that was not read says why, over all columns", () => {
    const markup = row({ state: "dead", reason: { code: "FILE_DAMAGED", message: "The file is damaged." } }, ["total", "vendor"]);
    expect(wordsOf(markup)).toContain("The file is damaged.");
    expect(markup.match(/role="gridcell"/g)).toHaveLength(3);
    expect(markup).toContain("grid-column:3 / -1");
  });

  // Catches: `bill.pdfpart 2`, a name that runs into what is said of it.
  test("keeps a space between a file's name and what is said of it", () => {
    const { document } = resultOf();
    expect(inLine(row({ document: { ...document, part: 1 } }))).toContain("bill.pdf part 2");
    expect(inLine(row({ document: { ...document, duplicateOf: "/home/ada/in/first.pdf" } }))).toContain("bill.pdf (copy)");
  });

  test("of a copy tells which file it equals", () => {
    const { document } = resultOf();
    expect(row({ document: { ...document, duplicateOf: "/in/first.pdf" } })).toContain('title="The same content as /in/first.pdf"');
  });

  test("says aloud that a value is flagged, and why when it is pointed at", () => {
    const markup = row({ fields: { total: valueOf({ flags: [{ rule: "sum", message: "The lines add up to 13." }] }) } });
    expect(wordsOf(markup)).toContain("flagged");
    expect(markup).toContain('title="The lines add up to 13."');
    expect(wordsOf(row())).not.toContain("flagged");
  });

  test("counts the entries of a table and flags it for any of its cells", () => {
    const lines = [{ amount: valueOf() }, { amount: valueOf({ flags: [{ rule: "product", message: "no" }] }) }];
    expect(wordsOf(row({ fields: { lines } }, ["lines"]))).toContain("2 entries flagged");
    expect(wordsOf(row({ fields: { lines: lines.slice(0, 1) } }, ["lines"]))).toContain("1 entry");
  });

  test.each(hostileTexts)("of a file called %s with such a value stays text", (text) => {
    const flags = [{ rule: text, message: text }];
    const markup = row({
      document: { ...resultOf().document, path: text, duplicateOf: text },
      fields: { total: valueOf({ value: text, flags }) },
    });
    expect(isHarmless(markup)).toBe(true);
  });
});

describe("the fields of a document", () => {
  const pane = (more: Partial<FieldPaneProps> = {}) => {
    const of = more.record ?? recordOf();
    return markupOf(
      <FieldPane
        record={of}
        left={1}
        shown={eachValue(of.fields)}
        all={false}
        onAll={nothing}
        active={undefined}
        onActive={nothing}
        editing={undefined}
        onEdit={nothing}
        onType={nothing}
        onStopEditing={nothing}
        onChange={nothing}
        onDraw={nothing}
        onAcceptEqual={nothing}
        onApprove={nothing}
        onUndo={nothing}
        onNext={nothing}
        onPrevious={nothing}
        accepted={undefined}
        error={undefined}
        busy={false}
        {...more}
      />,
    );
  };
  const act = { id: "x", act: "a", field: "total", action: "accept", before: 1, after: 1, who: "me", at: 1 } as const;
  const undoIsOff = (markup: string) => /<button[^>]*aria-label="Undo[^>]*>/.exec(markup)?.[0].includes('disabled=""');

  // Catches: an undo that core refuses, since all there was is taken back.
  test("can be taken back only while a decision stands", () => {
    expect(undoIsOff(pane())).toBe(true);
    expect(undoIsOff(pane({ record: recordOf({ history: [{ ...act, undoneAt: 2 }] }) }))).toBe(true);
    expect(undoIsOff(pane({ record: recordOf({ history: [{ ...act, undoneAt: 2 }, act] }) }))).toBe(false);
    expect(undoIsOff(pane({ record: recordOf({ history: [act] }), busy: true }))).toBe(true);
  });

  test("offer approval while it is to be reviewed, else the next document or the end", () => {
    expect(buttonNames(pane()).at(-1)).toBe("Approve the document");
    expect(buttonNames(pane({ record: recordOf({ state: "done" }), left: 2 })).at(-1)).toBe("Next document");
    expect(buttonNames(pane({ record: recordOf({ state: "done" }), left: 0 })).at(-1)).toBe("Finish the review");
  });

  test("with a decision under way cannot be approved twice", () => {
    expect(disabledButton(pane({ busy: true }), "Approve")).toBe(true);
    expect(disabledButton(pane(), "Approve")).toBe(false);
  });

  test("say what is wrong with the document as a whole, and that it was drawn as a sample", () => {
    const words = wordsOf(pane({ record: recordOf({ flags: [{ rule: "identity", message: "Its twin is b.pdf." }], sampled: true }) }));
    expect(words).toContain("Its twin is b.pdf.");
    expect(words).toContain("Drawn for the quality sample");
  });

  test("none in doubt: it says so instead of an empty list", () => {
    expect(wordsOf(pane({ shown: [] }))).toContain("No field is in doubt.");
    expect(wordsOf(pane())).not.toContain("No field is in doubt.");
  });

  test("count aloud the documents in which an equal value was accepted", () => {
    expect(wordsOf(pane({ accepted: 1 }))).toContain("Accepted in 1 document.");
    expect(wordsOf(pane({ accepted: 1200 }))).toContain("Accepted in 1,200 documents.");
    expect(wordsOf(pane())).not.toContain("Accepted in");
  });

  test("say what a refused decision was, and what to do", () => {
    const error = new Error("socket hang up");
    expect(pane({ error })).toContain('role="alert"');
    expect(pane({ error: null })).not.toContain('role="alert"');
  });

  describe("each", () => {
    const flagged = valueOf({ flags: [{ rule: "sum", message: "The lines add up to 13." }] });

    test("is a group named by its field and value, reached by Tab", () => {
      expect(pane()).toMatch(/data-field="total" role="group" aria-label="total: 12.5" tabindex="0"/);
    });

    test("says how sure it is only where there is a value", () => {
      expect(wordsOf(pane())).toContain("0.88");
      const missing = pane({ record: recordOf({ fields: { total: valueOf({ value: null, sure: 0.4 }) } }) });
      expect(wordsOf(missing)).not.toContain("0.40");
      expect(wordsOf(missing)).toContain("Not in the document");
    });

    // Catches: keys that do nothing, and buttons for fields one is not at.
    test("has its keys only while it is at hand and nothing is typed", () => {
      const keys = (markup: string) => [...markup.matchAll(/<kbd[^>]*>([A-Z]\w*)<\/kbd>/g)].map(([, key]) => key);
      expect(keys(pane())).toEqual([]);
      expect(keys(pane({ active: "total" }))).toEqual(["Enter", "E", "B", "F"]);
      expect(keys(pane({ active: "total", record: recordOf({ fields: { total: flagged } }) }))).toEqual(["Enter", "E", "B", "A"]);
      expect(keys(pane({ active: "total", editing: { path: "total", text: "13" } }))).toEqual([]);
    });

    test("that is typed shows what is typed, and no other field turns into a form", () => {
      const both = recordOf({ fields: { total: valueOf(), net: valueOf() } });
      const markup = pane({ record: both, editing: { path: "net", text: "13,00" } });
      expect(markup.match(/<form/g)).toHaveLength(1);
      expect(markup).toMatch(/aria-label="Value of net"[^>]*value="13,00"|value="13,00"[^>]*aria-label="Value of net"/);
    });

    test("offers as many other readings as there are digits to choose them by", () => {
      const alternatives = Array.from({ length: 12 }, (_, index) => ({
        value: index,
        sure: 0.1,
        origin: "rule" as const,
        page: index + 1,
      }));
      const markup = pane({ record: recordOf({ fields: { total: valueOf({ alternatives }) } }) });
      expect([...markup.matchAll(/<kbd[^>]*>(\d+)<\/kbd>/g)].map(([, digit]) => Number(digit))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(markup).toContain('aria-label="Other readings of total"');
    });

    test("says why it is in doubt beside the value, not only by colour", () => {
      expect(wordsOf(pane({ record: recordOf({ fields: { total: flagged } }) }))).toContain("The lines add up to 13.");
    });
  });
});

describe("the text of a page", () => {
  const text = "Total 12.50 CHF";
  const marked = (at: Partial<FieldValue>, offset = 0) =>
    /<mark[^>]*>(.*?)<\/mark>/.exec(markupOf(<EvidenceText text={text} offset={offset} value={valueOf(at)} />))?.[1];

  test("has the place of a value marked, counted from where the page begins", () => {
    expect(marked({ start: 6, end: 11 })).toBe("12.50");
    expect(marked({ start: 106, end: 111 }, 100)).toBe("12.50");
    expect(marked({ start: 0, end: text.length })).toBe(text);
  });

  // Catches: another page's place marked on this one, and text lost by a slice from behind.
  test.each([
    ["before the page", { start: 6, end: 11 }, 100],
    ["behind it", { start: 206, end: 211 }, 100],
    ["over its end", { start: 6, end: 99 }, 0],
    ["without a length", { start: 6, end: 6 }, 0],
    ["without an end", { start: 6 }, 0],
    ["nowhere", {}, 0],
  ] as const)("with a place %s is whole and without a mark", (_, at, offset) => {
    expect(marked(at, offset)).toBeUndefined();
    expect(inLine(markupOf(<EvidenceText text={text} offset={offset} value={valueOf(at)} />))).toBe(text);
  });

  test("loses no letter wherever the mark lies", () => {
    for (let start = 0; start < text.length; start += 1)
      for (let end = start; end <= text.length + 1; end += 1)
        expect(inLine(markupOf(<EvidenceText text={text} offset={0} value={valueOf({ start, end })} />))).toBe(text);
  });
});

describe("the queue of documents", () => {
  const queue = (...of: [Partial<BatchResult>, boolean][]) =>
    wordsOf(markupOf(<ReviewQueue queue={of.map(([more, open]) => ({ result: resultOf(more), open }))} current="d1" onChoose={nothing} />));

  test("counts what is left and what is done apart, and says done in a word", () => {
    expect(queue([{}, true], [{ id: "d2" }, false])).toMatch(/^1 to review, 1 done .* done /);
  });

  test("says of each why it is there: fields in doubt, else the document, else the sample", () => {
    const flags = [{ rule: "sum", message: "Its twin is b.pdf." }];
    expect(queue([{ fields: { net_total: valueOf({ flags }) }, flags }, true])).toContain("net total");
    expect(queue([{ flags }, true])).toContain("Its twin is b.pdf.");
    expect(queue([{ sampled: true }, true])).toContain("quality sample");
    expect(queue([{}, false])).toContain("decided");
  });

  test("at its end leads on to the export", () => {
    const markup = markupOf(<ReviewDone run={runOf({ counts: { pending: 0, done: 1, review: 0, dead: 0 } })} />);
    expect(markup).toContain('href="/batch/r1/export"');
    expect(wordsOf(markup)).toContain("1 document of this run is done.");
  });
});

describe("a recipe on screen", () => {
  test("without rules and without care of personal data says so", () => {
    const words = wordsOf(markupOf(<RecipeView recipe={{ ...builtInRecipe("invoice"), rules: [], pii: {} }} />));
    expect(words).toContain("None: only the form of the fields is checked.");
    expect(words).toContain("Everything is kept.");
  });

  test("says what becomes of each kind of personal data", () => {
    const words = wordsOf(markupOf(<RecipeView recipe={{ ...builtInRecipe("invoice"), pii: { email: "mask", phone: "drop" } }} />));
    expect(words).toContain("email: masked · phone: left out. Everything else is kept.");
  });

  test("in the editor has every field named in each of its controls, and the last cannot be taken out", () => {
    const recipe = builtInRecipe("receipt");
    const markup = markupOf(<FieldEditor recipe={recipe} onChange={nothing} />);
    for (const field of Object.keys(recipe.schema.properties)) expect(markup).toContain(`aria-label="Take out ${field}"`);
    const [[first, one] = ["", undefined]] = Object.entries(recipe.schema.properties);
    if (!one) throw new Error("the recipe has no field");
    const alone = { ...recipe, rules: [], schema: { ...recipe.schema, properties: { [first]: one } } };
    expect(markupOf(<FieldEditor recipe={alone} onChange={nothing} />)).toMatch(
      new RegExp(`<button[^>]*(disabled=""[^>]*Take out ${first}|Take out ${first}[^>]*disabled="")`),
    );
  });
});
