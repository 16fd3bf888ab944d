import { describe, expect, it } from "vitest";
import type { EvidenceSentence } from "../../../src/main/features/chat/evidence/evidence.ts";
import { createMatcher } from "../../../src/main/features/chat/check/matching.ts";
import { tokens } from "../../../src/main/text/analyse.ts";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { passage } from "../../helpers/passages.ts";

const english = await loadLanguage("en");
const german = await loadLanguage("de");

const sentence = (text: string, title = "notes", score = 0.5, rank = 1): EvidenceSentence => ({
  passage: passage(rank, title, text),
  start: 0,
  end: text.length,
  text,
  score,
  cosine: score,
  jointCosine: score,
  coverage: score,
  passageCoverage: score,
});
const verdict = (said: string, source: string, language = english, asked = "") =>
  createMatcher([sentence(source)], language, new Set(tokens(asked, language)))(said)?.verdict;

describe("a sentence of an answer and its source", () => {
  it("is supported where the source holds its words", () => {
    expect(verdict("The lamp of the pier burns until dawn.", "From dusk until dawn the lamp of the pier burns.")).toBe("supported");
    expect(verdict("Die Lampe brennt bis zum Morgen.", "Am Pier brennt die Lampe bis zum Morgen.", german)).toBe("supported");
  });

  it("is weak where it holds a part of them, and has no source where it holds next to none", () => {
    expect(verdict("The lamp burns brightly above painted boats.", "The lamp burns until dawn.")).toBe("weak");
    expect(verdict("Rennet makes milk curdle quickly.", "The lamp burns until dawn.")).toBeUndefined();
  });

  it("has none where there is no evidence", () => {
    expect(createMatcher([], english)("The lamp burns.")).toBeUndefined();
  });

  // Catches: an invented figure in a sentence that is otherwise copied, shown with a green mark.
  it.each([
    ["The lamp burns 12 hours.", "The lamp burns 11 hours."],
    ["The fee is 1,250 pounds.", "The fee is 1,200 pounds."],
    ["The lamp was lit in 1987.", "The lamp was lit in 1978."],
    ["The keeper Hanna lit the lamp.", "The keeper Martha lit the lamp."],
    ["The lamp of Kell-Point burns until dawn.", "The lamp of Kell-Head burns until dawn."],
    ["The valve is of type B-17.", "The valve is of type B-71."],
  ])("is not supported with another number or name: %s", (said, source) => {
    expect(verdict(said, source)).not.toBe("supported");
    expect(verdict(source, source)).toBe("supported");
  });

  // Catches: a loss reported as a gain.
  it.each([
    ["The tide moved by 5 metres.", "The tide moved by -5 metres."],
    ["The tide moved by -5 metres.", "The tide moved by 5 metres."],
    ["The tide moved by minus 5 metres.", "The tide moved by 5 metres."],
  ])("is not supported with the other sign: %s", (said, source) => {
    expect(verdict(said, source)).not.toBe("supported");
  });

  // Catches: a range or a date whose dash is read as a minus, so that nothing is ever supported.
  it.each([
    "The museum opens 9-17 each day.",
    "The lamp was lit on 2024-03-05.",
    "Valve B-17 leaks.",
    "The sum is -5 degrees.",
    "It is minus 5 degrees outside.",
  ])("is supported by itself whatever its dashes: %s", (text) => {
    expect(verdict(text, text)).toBe("supported");
  });

  // Catches: the opposite of what a source says, with all of its words.
  it.each([
    ["The lamp burns at night.", "The lamp does not burn at night."],
    ["The lamp does not burn at night.", "The lamp burns at night."],
    ["The valve never leaks.", "The valve leaks."],
  ])("is not supported where one denies what the other says: %s", (said, source) => {
    expect(verdict(said, source)).not.toBe("supported");
  });

  it("may be denied in a clause that the answer leaves out", () => {
    expect(verdict("The lamp burns at night", "The lamp burns at night, but the bell does not ring.")).toBe("supported");
    // Catches: a true sentence that is marked as doubtful since its source goes on to speak of the same thing.
    expect(verdict("The lamp burns at night", "The lamp burns at night, but in summer the lamp does not burn.")).toBe("supported");
  });

  // Catches: words of the question that make any sentence look like an answer to it.
  it("is measured by the words that the question did not bring", () => {
    const asked = "When does the lamp of the harbour pier burn?";
    expect(
      verdict("The lamp of the harbour pier burns on holidays.", "The lamp of the harbour pier burns at dusk.", english, asked),
    ).not.toBe("supported");
    expect(verdict("The lamp of the harbour pier burns at dusk.", "It burns at dusk.", english, asked)).toBe("supported");
  });

  it("may take a name from the title of its document", () => {
    const match = createMatcher([sentence("The lamp burns until dawn.", "Kellpoint")], english);
    expect(match("The lamp of Kellpoint burns until dawn.")?.verdict).toBe("supported");
  });
});

describe("which source it is", () => {
  it("is the one that holds most of the words", () => {
    const sources = [sentence("The bell rings at noon.", "a", 0.9), sentence("The lamp burns until dawn.", "b", 0.1, 2)];
    expect(createMatcher(sources, english)("The lamp burns until dawn.")?.sentence).toBe(sources[1]);
  });

  it("is the better one of two that hold the same", () => {
    const sources = [sentence("The lamp burns until dawn.", "a", 0.2), sentence("The lamp burns until dawn.", "b", 0.8, 2)];
    expect(createMatcher(sources, english)("The lamp burns until dawn.")?.sentence).toBe(sources[1]);
    expect(createMatcher(sources.toReversed(), english)("The lamp burns until dawn.")?.sentence).toBe(sources[1]);
  });

  // Catches: a text of a model that takes for ever to be held against its sources.
  it("is found in time for hostile texts", () => {
    const match = createMatcher([sentence("The lamp burns until dawn. ".repeat(50))], english);
    for (const text of ["-1".repeat(5_000), "A".repeat(20_000), "not ".repeat(3_000), "No. 4 ".repeat(2_000), "un".repeat(8_000), ""])
      expect(() => match(text)).not.toThrow();
  });
});
