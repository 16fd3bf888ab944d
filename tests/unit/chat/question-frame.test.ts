import { describe, expect, it } from "vitest";
import { calibrationOf } from "../../../src/main/features/chat/calibration.ts";
import { type Evidence, findEvidence, holdsNoAnswer } from "../../../src/main/features/chat/evidence.ts";
import { askedAbout } from "../../../src/main/features/chat/question-frame.ts";
import { contentTokens } from "../../../src/main/features/chat/words.ts";
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

  // Catches cosines of an English model that are read as if it knew German: one question in seven was refused wrongly.
  it("takes more in a language that the embedding model does not know", async () => {
    const calibration = calibrationOf("bge-small-en-v1.5")!;
    expect(calibration.refuseBelow.foreign).toBeLessThan(calibration.refuseBelow.known);
    const text = "Die Laterne brannte mit Rapsöl und stand am Ufer.";
    // Cosines that lie between both thresholds.
    const space = {
      embedder: "bge-small-en-v1.5",
      question: new Float32Array([1, 0]),
      embed: async (texts: string[]) => texts.map(() => new Float32Array([0.62, Math.sqrt(1 - 0.62 ** 2)])),
    };
    const question = "Womit brannte die Laterne im kalten Winter jener Jahre?";
    const judged = async (language: string) => findEvidence(question, [{ ...passage(1, "Kell", text), language }], space);
    const foreign = await judged("de");
    expect(foreign.score).toBeGreaterThan(calibration.refuseBelow.foreign);
    expect(foreign.score).toBeLessThan(calibration.refuseBelow.known);
    expect(foreign.isSilent).toBe(false);
    expect((await judged("en")).isSilent).toBe(true);
  });
});
