import { describe, expect, it } from "vitest";
import { evidenceTokens } from "../../../src/main/features/chat/evidence/evidence-budget.ts";
import { expandFollowUp } from "../../../src/main/features/chat/question/follow-up.ts";
import { kindOf, subjectOf } from "../../../src/main/features/chat/question/question-kind.ts";
import { sentencesOf } from "../../../src/main/features/chat/check/sentences.ts";
import { contentTokens, share } from "../../../src/main/features/chat/check/words.ts";
import { loadLanguage } from "../../../src/main/text/languages.ts";

describe("the kind of a question", () => {
  // Catches a German reader who gets a summary where a year was asked for, or a year where a list was.
  it.each([
    ["Wann wurde der Turm gebaut?", "fact"],
    ["Wie viele Stufen hat er?", "fact"],
    ["Wie hoch ist der Turm?", "fact"],
    ["Wie groß ist der Turm?", "fact"],
    ["Wer war der Wärter?", "fact"],
    ["Zähle die Wärter auf.", "broad"],
    ["Erkläre die Lampe.", "broad"],
    ["Was ist der Unterschied zwischen Öl und Gas?", "broad"],
    ["Gib mir einen Überblick.", "broad"],
    ["Warum wurde er gestrichen?", "open"],
    ["Darf man rauchen?", "open"],
  ])("in German: %s is %s", (question, kind) => {
    expect(kindOf(question)).toBe(kind);
  });

  // Catches a fact word anywhere that makes a question for a fact, and a task word inside another word.
  it.each([
    ["Is it known when it was built?", "open"],
    ["What is the allowance?", "open"],
    ["Who wrote the listener?", "fact"],
    ["  WHEN was it built?", "fact"],
    ["How many steps are there?", "broad"],
    ["What are the differences?", "broad"],
    ["", "open"],
    ["???", "open"],
    ["灯塔建于哪一年？", "open"],
  ])("%s is %s", (question, kind) => {
    expect(kindOf(question)).toBe(kind);
  });

  // Catches a pattern that takes seconds over a pasted text.
  it("is told of a long text as of a short one", () => {
    expect(kindOf(`${"how how how ".repeat(5_000)}?`)).toBe("open");
    expect(kindOf(`${"a ".repeat(10_000)}summarise`)).toBe("broad");
  });

  // Catches a subject that is empty: everything would be covered by anything.
  it.each(["List all", "Summarise", "Erkläre alle Schritte", "???"])("leaves a subject of %s", (question) => {
    expect(subjectOf(question).trim()).toBe(question);
  });
});

describe("a question after another", () => {
  const history = [
    {
      id: "0190a0b0-0000-7000-8000-000000000000",
      parent: null,
      role: "user" as const,
      text: "Wer baute den Turm?",
      state: "complete" as const,
      createdAt: 0,
    },
  ];

  // Catches “er” and “es” seen at the end of größer and großes: a question of its own would be searched with the last one's words.
  it.each(["Welcher Hafen im Norden ist größer als Holm?", "Bekamen Gäste am Ufer damals heißes Wasser?"])(
    "stands alone in German: %s",
    (question) => {
      expect(expandFollowUp(question, history)).toBe(question);
    },
  );

  // Catches a German question that leans on the last one and is searched for alone.
  it.each(["Und warum?", "In welchem Jahr wurde er fertiggestellt?", "Was geschah danach mit ihm im Winter?"])(
    "leans on it: %s",
    (question) => {
      expect(expandFollowUp(question, history)).toBe(`Wer baute den Turm? ${question}`);
    },
  );
});

describe("the budget of evidence", () => {
  // Catches a faster machine that reads less, or more effort that buys less.
  it("grows with speed and effort, within its bounds", () => {
    for (const kind of ["fact", "open", "broad"] as const) {
      const speeds = [0, 1, 10, 50, 100, 1_000, 1e9];
      for (const effort of ["normal", "thorough"] as const) {
        const budgets = speeds.map((speed) => evidenceTokens(effort, kind, 12, speed));
        expect(budgets).toEqual(budgets.toSorted((a, b) => a - b));
        expect(budgets[0]).toBe(60);
        expect(budgets.at(-1)).toBe(evidenceTokens(effort, kind, 12, undefined));
        expect(budgets.every(Number.isInteger)).toBe(true);
      }
      for (const speed of speeds)
        expect(evidenceTokens("thorough", kind, 12, speed)).toBeGreaterThanOrEqual(evidenceTokens("normal", kind, 12, speed));
    }
  });
});

describe("words", () => {
  // Catches stop words that count as content: every sentence would hold every question.
  it("of content are those that name something, in their stems", async () => {
    const [english, german] = await Promise.all([loadLanguage("en"), loadLanguage("de")]);
    expect([...contentTokens("What were the keepers of the lamps?", english)]).toEqual([...contentTokens("keeper lamp", english)]);
    expect([...contentTokens("Welche Lampen haben die Wärter?", german)]).toHaveLength(2);
    expect(contentTokens("", english).size).toBe(0);
    expect(contentTokens("the of and", english).size).toBe(0);
  });

  // Catches a share of nothing that is all of it: an empty question would be answered by anything.
  it("shared are between none and all", () => {
    expect(share(new Set(), new Set(["a"]))).toBe(0);
    expect(share(new Set(["a", "b"]), new Set(["b", "c"]))).toBe(0.5);
    expect(share(new Set(["a"]), new Set(["a", "b"]))).toBe(1);
  });
});

describe("sentences of odd texts", () => {
  // Catches spans that overlap, go backwards or leave the text: quotes are cut by them.
  it.each([
    "One. Two! Three? Four… “Five.” (Six.) 7. Eight",
    "a\r\n\r\nb\r\n- c\r\n- d",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n# H\n\n1. x\n2. y",
    "今天。明天！后天？「好。」",
    "\u0000\uD800 😀. \uFEFFb.",
    "z.B. d.h. bzw. ca. 5. Mai. Ende.",
    `${"word ".repeat(500)}. ${"x".repeat(1500)}`,
    "...!!!???\n\n\n---",
  ])("are in order, apart and within it: %j", (text) => {
    let last = 0;
    for (const { start, end } of sentencesOf(text)) {
      expect(start).toBeGreaterThanOrEqual(last);
      expect(end).toBeGreaterThan(start);
      expect(text.slice(start, end).trim()).not.toBe("");
      last = end;
    }
    expect(last).toBeLessThanOrEqual(text.length);
    const kept = sentencesOf(text).map(({ start, end }) => text.slice(start, end));
    expect(kept.join("").replaceAll(/\s/gu, "")).toBe(text.replaceAll(/\s/gu, ""));
  });
});
