import { describe, expect, it } from "vitest";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { checkAnswer } from "../../../src/main/features/chat/check/citations.ts";
import { findEvidence, sentencesCompared } from "../../../src/main/features/chat/evidence/evidence.ts";
import { passage } from "../../helpers/passages.ts";

const kell = passage(
  1,
  "Kell Point",
  "The lighthouse at Kell Point was finished in 1874 and stands 31 metres tall. Its lamp burned rapeseed oil until 1902. The keeper was Agnes Muir. It was never painted red.",
);
const returns = passage(
  2,
  "Returns",
  "Orders above 40 euros are sent free of charge. Returns are accepted for 30 days if the seal is unbroken.",
);

async function check(answer: string, question: string) {
  const { sentences } = await findEvidence(question, [kell, returns], undefined);
  return checkAnswer(answer, question, sentences, await loadLanguage("en"), () => ({ page: 3 }));
}

describe("citations", () => {
  it("quote the sentence that holds what the answer says, to the character", async () => {
    const { sentences, citations } = await check("It was finished in 1874.", "When was the lighthouse finished?");
    expect(sentences).toMatchObject([{ citations: [1], verdict: "supported" }]);
    const [citation] = citations;
    expect(citation?.quote).toBe("The lighthouse at Kell Point was finished in 1874 and stands 31 metres tall.");
    expect(kell.text.slice(citation?.quoteStart, citation?.quoteEnd)).toBe(citation?.quote);
    expect(citation?.page).toBe(3);
  });

  it("are numbered in the order of the answer, one number a source sentence", async () => {
    const { sentences, citations } = await check(
      "Returns are accepted for 30 days. The lamp burned rapeseed oil until 1902. You have 30 days if the seal is unbroken.",
      "What do the papers say?",
    );
    expect(sentences.map((sentence) => sentence.citations)).toEqual([[1], [2], [1]]);
    expect(citations.map(({ document }) => document.title)).toEqual(["Returns", "Kell Point"]);
  });

  it.each([
    ["a changed number", "The lighthouse was finished in 1894."],
    ["a changed measure", "The lighthouse stands 13 metres tall."],
    ["a changed name", "The keeper was Morag Muir."],
    ["an added denial", "The lamp never burned rapeseed oil until 1902."],
    ["a dropped denial", "It was painted red."],
  ])("do not call %s supported", async (_, answer) => {
    const { sentences } = await check(answer, "Tell me about the place.");
    expect(sentences[0]?.verdict).not.toBe("supported");
  });

  it("call a quotation supported although the clause left out behind it denies something", async () => {
    const gate = passage(
      1,
      "Minutes",
      "They fitted a second meter at the south gate, because the first cannot explain the loss. It is not true that the gate was moved.",
    );
    const { sentences } = await findEvidence("What was decided?", [gate], undefined);
    const english = await loadLanguage("en");
    const verdictOf = (answer: string) => checkAnswer(answer, "What was decided?", sentences, english, () => ({})).sentences[0]?.verdict;
    expect(verdictOf("They fitted a second meter at the south gate.")).toBe("supported");
    expect(verdictOf("The gate was moved.")).not.toBe("supported");
  });

  it("leave a sentence without a source uncited and unsupported", async () => {
    const { sentences, citations } = await check("Penguins migrate across the Antarctic plateau every winter.", "What about penguins?");
    expect(sentences).toMatchObject([{ citations: [], verdict: "unsupported" }]);
    expect(citations).toEqual([]);
  });

  it("of hostile text point nowhere outside the retrieved passages", async () => {
    const { citations } = await check("See [99] and [doc:../../etc/passwd]. The keeper was Agnes Muir.", "Who was the keeper?");
    expect(citations.every(({ document }) => ["Kell Point", "Returns"].includes(document.title))).toBe(true);
    expect(citations.map(({ n }) => n)).toEqual(citations.map((_, index) => index + 1));
  });

  it("of an empty answer are none", async () => {
    expect(await check("", "Anything?")).toEqual({ sentences: [], citations: [] });
  });
});

describe("evidence", () => {
  it("puts the sentence that answers first", async () => {
    const { sentences } = await findEvidence("Who was the keeper?", [kell, returns], undefined);
    expect(sentences[0]?.text).toBe("The keeper was Agnes Muir.");
  });

  it("follows the likeness of meaning where words are not shared", async () => {
    const question = new Float32Array([1, 0]);
    const embed = (texts: string[]) => Promise.resolve(texts.map((text) => new Float32Array(text.includes("rapeseed") ? [1, 0] : [0, 1])));
    const { sentences, score } = await findEvidence("fuel?", [kell], { embedder: "local:bge-small-en-v1.5", question, embed });
    expect(sentences[0]?.text).toContain("rapeseed");
    expect(score).toBeGreaterThan(0.5);
  });

  // Catches a first word that waits for twenty sentences to be embedded, and a sentence without a cosine among those with one.
  it("compares by meaning no more sentences than there is time for, those with most of the words", async () => {
    const embedded: string[] = [];
    const space = {
      embedder: "local:bge-small-en-v1.5",
      question: new Float32Array([1, 0]),
      embed: (texts: string[]) => {
        embedded.push(...texts);
        return Promise.resolve(texts.map(() => new Float32Array([0.5, 0.5])));
      },
    };
    const { sentences } = await findEvidence("Who was the keeper?", [kell, returns], space, 1);
    expect(sentences.map(({ text }) => text)).toEqual(["The keeper was Agnes Muir."]);
    expect(new Set(embedded).size).toBe(2);
    expect(sentencesCompared("normal", "fact")).toBeLessThan(sentencesCompared("normal", "broad"));
    expect(sentencesCompared("thorough", "open")).toBe(sentencesCompared("normal", "broad"));
  });

  it("is silent when nothing is alike, never without vectors, and never by an embedder nobody calibrated", async () => {
    const space = {
      embedder: "local:bge-small-en-v1.5",
      question: new Float32Array([1, 0]),
      embed: (texts: string[]) => Promise.resolve(texts.map(() => new Float32Array([0.3, 0.95]))),
    };
    const question = "Which whale sings deepest?";
    expect(await findEvidence(question, [kell], space)).toMatchObject({ isSilent: true });
    expect((await findEvidence(question, [kell], space)).score).toBeLessThan(0.1);
    expect(await findEvidence(question, [kell], undefined)).toMatchObject({ isSilent: false });
    expect(await findEvidence(question, [kell], { ...space, embedder: "local:another" })).toMatchObject({ isSilent: false });
    expect(await findEvidence(question, [], space)).toEqual({ sentences: [], coverage: 0, score: 0, isSilent: true });
  });

  it("takes no heading, rule or bare number for a statement", async () => {
    const { sentences } = await findEvidence(
      "What about lamps?",
      [passage(1, "t", "# Lamps\n\nLamps burn oil.\n\n---\n\n| --- | --- |\n\n42")],
      undefined,
    );
    expect(sentences.map(({ text }) => text)).toEqual(["Lamps burn oil."]);
  });
});
