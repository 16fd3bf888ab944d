import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/shared/contract/chat.ts";
import { checkAnswer } from "../../../src/main/features/chat/check/citations.ts";
import { findEvidence } from "../../../src/main/features/chat/evidence/evidence.ts";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { passage } from "../../helpers/passages.ts";

/** Verdicts of an answer's sentences against one source, and what was quoted. */
async function check(source: string, answer: string, { language = "en", question = "?", title = "Source" } = {}) {
  const found = { ...passage(1, title, source), language };
  const { sentences } = await findEvidence(question, [found], undefined);
  const checked = checkAnswer(answer, question, sentences, await loadLanguage(language), () => ({}));
  for (const { start, end, text } of checked.sentences) expect(answer.slice(start, end)).toBe(text);
  for (const { quote, quoteStart, quoteEnd } of checked.citations) expect(source.slice(quoteStart, quoteEnd)).toBe(quote);
  return { verdicts: checked.sentences.map(({ verdict }) => verdict), quotes: checked.citations.map(({ quote }) => quote) };
}

const verdictOf = async (source: string, answer: string, more = {}): Promise<Verdict | undefined> =>
  (await check(source, answer, more)).verdicts[0];

describe("numbers in an answer", () => {
  // Catches a true answer that is called unsure for the way its number is written.
  it.each([
    ["The bridge cost 1,250,000 euros in total.", "The bridge cost 1,250,000 euros."],
    ["The share rose to 45.5% in spring.", "The share rose to 45.5%."],
    ["It opened on 12 March 1874 in the rain.", "It opened on 12 March 1874."],
    ["The flight leaves at 14:30 from gate B12.", "The flight leaves from gate B12 at 14:30."],
    ["The file is due on 2024-03-12 at noon.", "It is due on 2024-03-12."],
    ["The tank holds 3.5 litres of oil.", "The tank holds 3.5 litres."],
    ["Version 2.10.1 mends the leak.", "The leak is mended by version 2.10.1."],
  ])("that stand in the source are supported: %s", async (source, answer) => {
    expect(await verdictOf(source, answer)).toBe("supported");
  });

  // Catches a wrong number that passes because everything around it is right.
  it.each([
    ["The bridge cost 1,250,000 euros in total.", "The bridge cost 1,520,000 euros in total."],
    ["The bridge cost 1,250,000 euros in total.", "The bridge cost 1,250 euros in total."],
    ["The share rose to 45.5% in spring.", "The share rose to 54.5% in spring."],
    ["It opened on 12 March 1874 in the rain.", "It opened on 13 March 1874 in the rain."],
    ["The flight leaves at 14:30 from gate B12.", "The flight leaves at 14:30 from gate B21."],
    ["The file is due on 2024-03-12 at noon.", "The file is due on 2024-12-03 at noon."],
    ["The tank holds 3.5 litres of oil.", "The tank holds 35 litres of oil."],
    ["Version 2.10.1 mends the leak.", "Version 2.1.10 mends the leak."],
  ])("that do not are not: %s / %s", async (source, answer) => {
    expect(await verdictOf(source, answer)).not.toBe("supported");
  });
});

describe("denial", () => {
  // Catches a denial that goes unseen because the source was typeset: its apostrophe is a curly one.
  it.each([
    ["The keeper wasn’t paid in gold coins.", "The keeper was paid in gold coins."],
    ["The keeper wasn't paid in gold coins.", "The keeper was paid in gold coins."],
    ["The lamp can’t burn whale oil at all.", "The lamp can burn whale oil."],
    ["The lamp was lit without any oil.", "The lamp was lit with any oil."],
  ])("in the source is not answered with a claim: %s", async (source, answer) => {
    expect(await verdictOf(source, answer)).not.toBe("supported");
  });

  // Catches a denial in both that counts as a contradiction for how its apostrophe is typed.
  it("in both, however it is typed, agrees", async () => {
    expect(await verdictOf("The keeper wasn’t paid in gold coins.", "The keeper wasn't paid in gold coins.")).toBe("supported");
    expect(await verdictOf("The keeper was not paid in gold coins.", "The keeper wasn’t paid in gold coins.")).toBe("supported");
  });

  // Catches denial in German that is looked for in English only.
  it.each([
    ["Der Leuchtturm wurde nicht rot gestrichen.", "Der Leuchtturm wurde rot gestrichen."],
    ["Der Wärter bekam keinen Lohn für die Arbeit.", "Der Wärter bekam Lohn für die Arbeit."],
    ["Die Lampe brannte niemals mit Walöl.", "Die Lampe brannte mit Walöl."],
  ])("in German is seen: %s", async (source, answer) => {
    expect(await verdictOf(source, answer, { language: "de" })).not.toBe("supported");
    expect(await verdictOf(source, source, { language: "de" })).toBe("supported");
  });
});

describe("answers with a shape", () => {
  // Catches a list whose items are checked as one sentence: one wrong item would spoil or hide in the others.
  it("of a list are checked item by item", async () => {
    const source = "First trim the wick. Then open the valve by a quarter. Light the lamp from below.";
    const { verdicts } = await check(source, "- Trim the wick.\n- Open the valve by a half.\n- Paint the ceiling green.");
    expect(verdicts[0]).toBe("supported");
    expect(verdicts[1]).not.toBe("supported");
    expect(verdicts[2]).toBe("unsupported");
  });

  // Catches the number of an item that is taken for a number of the source.
  it("of a numbered list are not asked to find their own numbers in the source", async () => {
    const source = "First trim the wick. Then open the valve by a quarter.";
    expect((await check(source, "1. Trim the wick.\n2. Open the valve by a quarter.")).verdicts).toEqual(["supported", "supported"]);
  });

  // Catches a table that can be cited nowhere, or as a whole only.
  it("from a table cite the row", async () => {
    const source = "| Lamp | Height |\n| --- | --- |\n| Kell | 31 metres |\n| Holm | 22 metres |";
    const { verdicts, quotes } = await check(source, "Holm is 22 metres.", { question: "How tall are they?" });
    expect(verdicts).toEqual(["supported"]);
    expect(quotes).toEqual(["| Holm | 22 metres |"]);
    expect((await check(source, "Holm is 31 metres tall.")).verdicts).not.toEqual(["supported"]);
  });

  // Catches quotation marks that make words of the source unknown.
  it("in quotes count as what they quote", async () => {
    const source = "The inscription reads: Hold the light for those at sea.";
    expect(await verdictOf(source, "The inscription reads “Hold the light for those at sea”.")).toBe("supported");
    expect(await verdictOf(source, '"Hold the light for those at sea"')).toBe("supported");
  });

  // Catches emphasis that makes a word another one.
  it("in Markdown count as their words", async () => {
    expect(await verdictOf("The keeper was Agnes Muir for years.", "The keeper was **Agnes Muir**.")).toBe("supported");
    expect(await verdictOf("The keeper was Agnes Muir for years.", "The keeper was **Agnes Moore**.")).not.toBe("supported");
  });

  // Catches names that may be invented as long as they stand at the beginning of a longer name.
  it("with a name that the source lacks are not supported", async () => {
    expect(await verdictOf("The keeper was Agnes Muir for years.", "The keeper was Agnes Muir of Orkney.")).not.toBe("supported");
    expect(await verdictOf("The keeper was Agnes Muir for years.", "The keeper was Agnes Muir.", { title: "Kell" })).toBe("supported");
  });

  // Catches an answer of pages that is quadratic in its length, or falls over odd characters.
  it("of any text are checked to their end", async () => {
    const odd = `${"\u0000\uD800😀\u202E".repeat(50)}. ${"a. ".repeat(300)}${"|".repeat(500)}`;
    const { verdicts } = await check("The keeper was Agnes Muir.", odd);
    expect(verdicts.every((verdict) => verdict !== "supported")).toBe(true);
  });
});

describe("other languages", () => {
  const german =
    "Der Leuchtturm am Kell Point wurde 1874 fertiggestellt. Die Lampe brannte bis 1902 mit Rapsöl. Der Wärter hieß Agnes Muir.";
  const chinese = "凯尔角的灯塔建于1874年。灯塔的灯使用菜籽油直到1902年。看守人是艾格尼丝。";

  // Catches evidence chosen by English rules: stop words would decide.
  it.each([
    ["Wann wurde der Leuchtturm fertiggestellt?", "1874"],
    ["Womit brannte die Lampe?", "Rapsöl"],
    ["Wie hieß der Wärter?", "Agnes"],
  ])("choose their evidence: %s", async (question, answer) => {
    const { sentences } = await findEvidence(question, [{ ...passage(1, "Kell", german), language: "de" }], undefined);
    expect(sentences[0]?.text).toContain(answer);
  });

  // Catches inflection that makes a German answer unsupported.
  it("support an answer in other forms of the same words", async () => {
    expect(await verdictOf(german, "Die Lampen brannten mit Rapsöl.", { language: "de" })).toBe("supported");
    expect(await verdictOf(german, "Die Lampe brannte mit Walöl.", { language: "de" })).not.toBe("supported");
    expect(await verdictOf(german, "Der Leuchtturm wurde 1847 fertiggestellt.", { language: "de" })).not.toBe("supported");
  });

  // Catches a script without spaces whose whole text is one word: nothing would ever be found or cited.
  it.each([
    ["灯塔建于哪一年？", "1874"],
    ["灯使用什么油？", "菜籽油"],
    ["看守人是谁？", "艾格尼丝"],
  ])("without spaces choose their evidence: %s", async (question, answer) => {
    const { sentences } = await findEvidence(question, [{ ...passage(1, "灯塔", chinese), language: "zh" }], undefined);
    expect(sentences).toHaveLength(3);
    expect(sentences[0]?.text).toContain(answer);
  });

  // Catches a Chinese answer that is never or always supported.
  it("without spaces are checked like others", async () => {
    expect(await verdictOf(chinese, "灯塔建于1874年。", { language: "zh" })).toBe("supported");
    expect(await verdictOf(chinese, "灯塔建于1894年。", { language: "zh" })).not.toBe("supported");
    expect(await verdictOf(chinese, "企鹅每年冬天迁徙。", { language: "zh" })).toBe("unsupported");
  });

  // Catches a denial in Chinese that passes for the claim.
  it("without spaces deny, too", async () => {
    const source = "凯尔角的灯塔在冬天和春天都没有使用菜籽油。";
    expect(await verdictOf(source, "凯尔角的灯塔在冬天和春天都使用菜籽油。", { language: "zh" })).not.toBe("supported");
  });

  // Catches a language nobody has rules for that fails, instead of taking words as they are.
  it.each(["und", "xx", "tlh-Latn", "", "__proto__"])("unknown to Croft (%j) take words as they are", async (language) => {
    const found = { ...passage(1, "Kell", "Qapla batlh je. Nuqneh jih."), language };
    const { sentences } = await findEvidence("nuqneh?", [found], undefined);
    expect(sentences[0]?.text).toBe("Nuqneh jih.");
  });
});

describe("what a sign or a small word turns round", () => {
  // Catches a frost that becomes warmth, and a range, a code or a date whose dash is taken for a sign.
  it.each([
    ["The cellar was at -5 degrees in March.", "The cellar was at 5 degrees in March.", false],
    ["The cellar was at 5 degrees in March.", "The cellar was at −5 degrees in March.", false],
    ["The cellar was at minus 5 degrees in March.", "The cellar was at −5 degrees in March.", true],
    ["The cellar was at −5 degrees in March.", "The cellar was at -5 degrees in March.", true],
    ["Between -5 and 5 degrees the pump runs.", "The pump runs at 5 degrees.", true],
    ["Rooms 3-5 are closed in winter.", "Rooms 3-5 are closed in winter.", true],
    ["It ran from 1990 – 1995 in all weathers.", "It ran from 1990 to 1995.", true],
    ["The Aurora B-INCENP complex holds CLIP-170 and IL-6.", "The Aurora B-INCENP complex holds CLIP-170.", true],
    ["The Aurora B-INCENP complex holds CLIP-170 and IL-6.", "The Aurora B-INCENP complex holds CLIP-17.", false],
    ["Part X-25 holds the lamp.", "The lamp is held by part X-25.", true],
  ])("%s / %s", async (source, answer, isSupported) => {
    expect((await verdictOf(source, answer)) === "supported").toBe(isSupported);
  });

  // Catches a claim about somebody that the source makes of nobody.
  it.each([
    ["Nobody entered the tower after dark.", "Somebody entered the tower after dark.", "en"],
    ["No one entered the tower after dark.", "The guards entered the tower after dark.", "en"],
    ["The keeper saw nothing on the shore.", "The keeper saw something on the shore.", "en"],
    ["Niemand betrat den Turm bei Nacht.", "Der Wärter betrat den Turm bei Nacht.", "de"],
    ["Der Wärter sah nichts am Ufer.", "Der Wärter sah alles am Ufer.", "de"],
  ])("%s / %s", async (source, answer, language) => {
    expect(await verdictOf(source, answer, { language })).not.toBe("supported");
  });

  // Catches a number's “No.” that counts as a denial.
  it("a number of a thing is no denial", async () => {
    expect(await verdictOf("Warehouse No. 4 was sold in 1931.", "Warehouse 4 was sold in 1931.")).toBe("supported");
  });
});
