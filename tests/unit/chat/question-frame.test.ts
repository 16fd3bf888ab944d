import { describe, expect, it } from "vitest";
import { type Evidence, findEvidence, holdsNoAnswer } from "../../../src/main/features/chat/evidence/evidence.ts";
import { askedAbout } from "../../../src/main/features/chat/question/question-frame.ts";
import { isAskedIn, wordSigns } from "../../../src/main/features/chat/evidence/word-signs.ts";
import { contentTokens } from "../../../src/main/features/chat/check/words.ts";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { passage } from "../../helpers/passages.ts";

const about = async (question: string, language = "en") => [...contentTokens(askedAbout(question), await loadLanguage(language))].sort();

describe("what a question is about", () => {
  // Catches a refusal because a passage does not repeat who said it, where, and how the question is worded.
  it.each([
    ["What specific measures did the chair of the board mention regarding ferry prices?", "What measures about ferry prices?"],
    ["According to the annual report, when was the northern lighthouse built?", "When was the northern lighthouse built?"],
    ["When was the northern lighthouse built, as described in the article?", "When was the northern lighthouse built?"],
    ["What did the mayor say in her opening speech about the harbour wall repairs?", "What about the harbour wall repairs?"],
    ["What are some of the key benefits of rapeseed oil lamps?", "What are the benefits of rapeseed oil lamps?"],
  ])("is not its frame: %s", async (question, plain) => {
    expect(await about(question)).toEqual(await about(plain));
  });

  it("is found in German, too", async () => {
    expect(await about("Welche verschiedenen Arten von Lampen nennt der Bericht über den Leuchtturm?", "de")).not.toContain("verschieden");
    expect(await about("Wann wurde der Leuchtturm am Hafen gebaut, laut dem Bericht des Amtes?", "de")).toEqual(
      await about("Wann wurde der Leuchtturm am Hafen gebaut?", "de"),
    );
  });

  // Catches a question of frame words only of which nothing would be left to look for.
  it.each(["What else did he say?", "Which kinds?", "According to whom?", "", "?!", "What is it about?", "Tell me more."])(
    "is the whole of %j, where little else is left",
    (question) => {
      expect(askedAbout(question)).toBe(question);
    },
  );

  // Catches a name or a number that goes with the frame.
  it.each([
    ["When did Agnes Muir light the lamp of 1874?", ["1874", "agn", "muir", "lamp", "light"]],
    ["What is the error ERR-4012 of the pump?", ["4012", "err", "error", "pump"]],
  ])("keeps names and numbers: %s", async (question, kept) => {
    expect(await about(question)).toEqual(expect.arrayContaining(kept));
  });

  // Catches an expression that takes minutes on a long question.
  it("is found in any text, in time", () => {
    for (const odd of ["did a b c d ".repeat(400), "according to ".repeat(400), "in his ".repeat(500), "specific ".repeat(500)])
      expect(typeof askedAbout(odd)).toBe("string");
  });
});

const evidence = (more: Partial<Evidence>): Evidence => ({ sentences: [], score: 0, coverage: 0, isSilent: true, ...more });

describe("a refusal", () => {
  // Catches a broad question that is refused although the passages speak of it.
  it("of a broad question needs passages that do not even mention it", () => {
    expect(holdsNoAnswer(evidence({ coverage: 0.9 }), "broad")).toBe(false);
    expect(holdsNoAnswer(evidence({ coverage: 0.1 }), "broad")).toBe(true);
    expect(holdsNoAnswer(evidence({ coverage: 0.9 }), "fact")).toBe(true);
    expect(holdsNoAnswer(evidence({ isSilent: false }), "open")).toBe(false);
  });

  const space = (cosine: number) => ({
    embedder: "bge-small-en-v1.5",
    question: new Float32Array([1, 0]),
    embed: async (texts: string[]) => texts.map(() => new Float32Array([cosine, Math.sqrt(1 - cosine ** 2)])),
  });
  const lantern = "Die Straßenlaterne am Hafen brannte bis 1902 mit Rapsöl. Agnes Muir zündete sie an.";
  const judged = (question: string, text: string, language: string, cosine: number) =>
    findEvidence(question, [{ ...passage(1, "Kell", text), language }], space(cosine));

  // Catches cosines of an English model that are read as if it knew German: too low for an answer that stands there, too
  // high for one that does not.
  it.each([
    ["Womit brannte die Laterne am Hafen?", 0.3, false],
    ["Wer zündete die Hafenlaterne an?", 0.3, false],
    ["Welche Königin regierte damals Schottland?", 0.9, true],
  ])("in a language that the embedding model does not know goes by words: %s", async (question, cosine, isSilent) => {
    expect(await judged(question, lantern, "de", cosine)).toMatchObject({ isSilent });
  });

  it.each([
    ["罗马的桥有多高", false],
    ["哪位女王统治苏格兰", true],
  ])("goes by pairs of characters where words have no spaces: %s", async (question, isSilent) => {
    expect(await judged(question, "罗马的旧桥高十二米，建于1874年。", "zh", 0.5)).toMatchObject({ isSilent });
  });

  // Catches every English question about German documents refused, because it shares no word with them.
  it("is never made of a question in another language than its passages", async () => {
    for (const [language, text] of [
      ["de", lantern],
      ["zh", "罗马的旧桥高十二米。"],
      ["und", "kell 1902"],
    ] as const)
      expect(await judged("What was the name of the queen of the island?", text, language, 0.1), language).toMatchObject({
        isSilent: false,
      });
  });
});

describe("what words say about an answer", () => {
  const signs = async (about: string[], sentence: string, others: string[] = []) =>
    wordSigns(new Set(about), sentence, sentence, [sentence, ...others], await loadLanguage("de"));

  // Catches compounds and other forms of a word that count as if they were not there: the stemmer leaves them whole.
  it("counts compounds and forms in part, and words that only begin alike not", async () => {
    expect((await signs(["latern"], "Die Straßenlaternen brannten.")).sentence).toBeCloseTo(0.9);
    expect((await signs(["strassenlatern"], "Die Laterne brannte.")).sentence).toBeCloseTo(6 / 14);
    expect((await signs(["leuchtfeu"], "Das Leuchtwerk stand still.")).sentence).toBeCloseTo(0.6);
    expect((await signs(["hau", "hand"], "Der Hafen lag still.")).sentence).toBe(0);
  });

  // Catches the name that all passages share counting as much as the one that tells them apart.
  it("weighs a word less the more passages hold it", async () => {
    const others = ["Kell hat einen Hafen.", "Kell liegt am Meer."];
    const { sentence, found } = await signs(["kell", "muir"], "Kell war alt.", others);
    expect(sentence).toBeCloseTo(0.25 / 1.25);
    expect(found).toBeCloseTo(0.5);
  });

  it("are nothing where nothing is asked", async () => {
    expect(await signs([], "Kell war alt.")).toEqual({ sentence: 0, passage: 0, found: 0 });
  });

  it("are looked for in a question of the same language only", async () => {
    const [english, german, chinese, none] = await Promise.all(["en", "de", "zh", "und"].map(loadLanguage));
    if (!english || !german || !chinese || !none) throw new Error("A language is missing.");
    expect(isAskedIn("Wann war der Hafen von Kell fertig?", german, english)).toBe(true);
    expect(isAskedIn("What was the harbour of Kell in those days?", german, english)).toBe(false);
    expect(isAskedIn("罗马的桥有多高", chinese, english)).toBe(true);
    expect(isAskedIn("How high is the bridge?", chinese, english)).toBe(false);
    expect(isAskedIn("How high is the bridge?", none, english)).toBe(false);
  });
});
