import { describe, expect, it } from "vitest";
import { agreeOnDenials } from "../../../src/main/features/chat/check/denial.ts";
import { checkAnswer } from "../../../src/main/features/chat/check/citations.ts";
import { findEvidence } from "../../../src/main/features/chat/evidence/evidence.ts";
import { loadLanguage } from "../../../src/main/text/languages.ts";
import { makeClaims } from "../../../scripts/eval/lib/claims.ts";
import { passage } from "../../helpers/passages.ts";

const agree = async (text: string, source: string, language = "en"): Promise<boolean> =>
  agreeOnDenials(text, source, await loadLanguage(language));

/** Sentences of documents as they might stand there, each with a fact of its own. */
const english = Array.from({ length: 60 }, (_, index) => ({
  id: `d${index}`,
  title: `Report ${index}`,
  text: [
    `The keeper of tower ${index} was paid with silver by the harbour office in spring, and the men who rowed him home were given bread.`,
    `They could not see the lamp of tower ${index} from the southern shore, which was hidden by trees.`,
    `The door of tower ${index} isn’t open to visitors who come after dark in winter.`,
    `Boat ${index} never sailed without two men at the oars, and it carried mail for the island.`,
    `Tower ${index} had been closed without notice when the storm broke the northern wall.`,
    `The reason for the fire in tower ${index} is known to everyone who lived there at that time.`,
    `You will find tower ${index} on the last page of the atlas that was printed in Leeds.`,
    `The stairs of tower ${index} were not mended after the flood.`,
  ].join(" "),
}));
const german = Array.from({ length: 60 }, (_, index) => ({
  id: `d${index}`,
  title: `Bericht ${index}`,
  text: [
    `Der Wärter von Turm ${index} wurde im Frühling vom Hafenamt mit Silber bezahlt, und die Männer bekamen frisches Brot.`,
    `Die Lampe von Turm ${index} konnte man vom südlichen Ufer aus nicht sehen, obwohl sie hell brannte.`,
    `Für Turm ${index} gab es nach der Flut im Winter keine neue Treppe aus Holz.`,
    `Das Boot ${index} fuhr ohne zwei Männer an den Rudern in die Bucht hinaus.`,
    `Der Grund für das Feuer in Turm ${index} ist bekannt und steht in dem Bericht.`,
  ].join(" "),
}));

async function judge(text: string, source: string, title: string, language: string): Promise<string | undefined> {
  const found = { ...passage(1, title, source), language };
  const { sentences } = await findEvidence(text, [found], undefined);
  const checked = checkAnswer(text, "What is said about this?", sentences, await loadLanguage(language), () => ({}));
  return checked.sentences.every(({ verdict }) => verdict === "supported") ? "supported" : "other";
}

describe("sentences made by rule", () => {
  // Catches a denial added, removed, shortened or hidden in a word that passes for what the source says, and a faithful sentence that is doubted.
  it.each([
    ["en", english],
    ["de", german],
  ] as const)("are told apart in %s", { timeout: 30_000 }, async (language, documents) => {
    const wrong = new Map<string, { wrong: number; all: number; example: string }>();
    for (const { kind, isFaithful, text, passage: source } of makeClaims(documents, 3, language)) {
      const verdict = await judge(text, source.text, source.title, language);
      const row = wrong.get(kind) ?? { wrong: 0, all: 0, example: "" };
      const isWrong = (verdict === "supported") !== isFaithful;
      wrong.set(kind, { wrong: row.wrong + (isWrong ? 1 : 0), all: row.all + 1, example: isWrong ? text : row.example });
    }
    for (const kind of kinds[language]) expect(wrong.get(kind)?.all, kind).toBeGreaterThanOrEqual(20);
    for (const [kind, row] of wrong) {
      // Names and numbers are another check's.
      if (/number|name|sign|another/u.test(kind)) continue;
      expect(row.wrong / row.all, `${kind}: ${row.example}`).toBeLessThanOrEqual(0.04);
    }
  });
  const kinds = {
    en: [
      "a denial contracted",
      "a denial written out",
      "a denial added",
      "a denial added in short",
      "never added",
      "no longer added",
      "with made without",
      "without made with",
      "denied by its beginning",
      "said of nobody",
      "a denial removed",
      "a short denial removed",
      "a clause left out",
    ],
    de: ["a denial added", "a denial removed", "none made one", "without made with", "denied by its beginning", "a clause left out"],
  };
});

describe("a denial", () => {
  // Catches a denial of one thing that is taken for the denial of another in the same sentence.
  it.each([
    ["The lamp is red and not green.", "The lamp is not red and green."],
    ["The boat sailed, but the crew did not return.", "The boat did not sail, but the crew returned."],
    ["Mail is stored and never read.", "Mail is never stored and read."],
  ])("belongs to its own words: %s / %s", async (text, source) => {
    expect(await agree(text, source)).toBe(false);
    expect(await agree(text, text)).toBe(true);
  });

  // Catches an answer that is doubted because the source denies something else in a clause that the answer leaves out.
  it.each([
    ["The tower was built in 1874.", "The tower was built in 1874, but its keeper was never paid.", "en"],
    ["The keeper lived in Holm.", "Without any help from the office, the keeper lived in Holm.", "en"],
    ["Der Turm wurde 1874 gebaut.", "Der Turm wurde 1874 gebaut, aber der Wärter bekam keinen Lohn.", "de"],
  ])("in a clause of its own does not matter: %s / %s", async (text, source, language) => {
    expect(await agree(text, source, language)).toBe(true);
  });

  // Catches two denials that count as one: they cancel each other.
  it("of a denial says yes again", async () => {
    expect(await agree("The crossing is not without danger.", "The crossing is without danger.")).toBe(false);
    expect(await agree("Nobody did not pay the fee.", "Nobody paid the fee.")).toBe(false);
  });

  // Catches the same denial in other words that is called a contradiction.
  it.each([
    ["The valve cannot be opened by hand.", "The valve can not be opened by hand.", "en"],
    ["The valve doesn't open.", "The valve does not open.", "en"],
    ["The valve dont open.", "The valve doesn’t open.", "en"],
    ["The pump failed to start.", "The pump did not start.", "en"],
    ["The pump no longer starts.", "The pump never starts.", "en"],
    ["The request is unsupported.", "The request is not supported.", "en"],
    ["The result was incomplete.", "The result was not complete.", "en"],
    ["Non-smokers were asked.", "Those asked were not smokers.", "en"],
    ["Die Pumpe läuft nie im Winter.", "Die Pumpe läuft nicht im Winter.", "de"],
    ["Der Grund ist unbekannt.", "Der Grund ist nicht bekannt.", "de"],
    ["Im Winter gibt es keine Führung.", "Im Winter gibt es niemals eine Führung.", "de"],
  ])("is one however it is worded: %s / %s", async (text, source, language) => {
    expect(await agree(text, source, language)).toBe(true);
  });

  // Catches a word that turns a sentence round and is not looked for.
  it.each([
    ["The request is supported.", "The request is unsupported.", "en"],
    ["The result was complete.", "The result was incomplete.", "en"],
    ["The pump started in time.", "The pump failed to start in time.", "en"],
    ["The pump starts in winter.", "The pump no longer starts in winter.", "en"],
    ["The guards saw the ship.", "The guards hardly saw the ship.", "en"],
    ["The fee is paid by guests.", "The fee is neither paid by guests nor by sailors.", "en"],
    ["The fee is paid by sailors.", "The fee is neither paid by guests nor by sailors.", "en"],
    ["PAYMENT IS REFUNDED.", "PAYMENT IS NOT REFUNDED.", "en"],
    ["It was, however, red.", "It was not, however, red.", "en"],
    ["Der Turm ist im Winter offen.", "Der Turm ist im Winter kaum offen.", "de"],
    ["Weder Wärter noch Gäste zahlen.", "Wärter und Gäste zahlen.", "de"],
    ["Das Tor öffnet sich.", "Das Tor öffnet sich nicht.", "de"],
    ["灯塔使用菜籽油。", "灯塔不使用菜籽油。", "zh"],
    ["灯塔使用菜籽油。", "灯塔没有使用菜籽油。", "zh"],
  ])("is seen: %s / %s", async (text, source, language) => {
    expect(await agree(text, source, language)).toBe(false);
  });

  // Catches words that look like a denial and are none.
  it.each([
    ["Warehouse 4 was sold.", "Warehouse No. 4 was sold.", "en"],
    ["The law is called No Child Left Behind.", "No Child Left Behind is what the law is called.", "en"],
    ["Cells made NO for hours.", "For hours the cells made NO.", "en"],
    ["The union of states was founded.", "It was founded as the union of states.", "en"],
    ["The lamp lit the shore and the bay.", "The lamp lit not only the shore but also the bay.", "en"],
    ["Die Lampe beleuchtete das Ufer.", "Die Lampe beleuchtete nicht nur das Ufer.", "de"],
    ["No, the lamp is red.", "The lamp is red.", "en"],
    ["不仅灯塔，而且港口也使用菜籽油。", "灯塔和港口使用菜籽油。", "zh"],
  ])("is not seen where there is none: %s / %s", async (text, source, language) => {
    expect(await agree(text, source, language)).toBe(true);
  });

  // Catches “not only” that becomes “only”: the one says more than the thing, the other nothing else.
  it("of “only” is one where the other says only that", async () => {
    expect(await agree("The lamp lit only the shore.", "The lamp lit not only the shore.")).toBe(false);
    expect(await agree("Die Lampe beleuchtete nur das Ufer.", "Die Lampe beleuchtete nicht nur das Ufer.", "de")).toBe(false);
  });

  // Catches an expression that takes minutes on hostile text, or a word that is nobody's.
  it("is looked for in any text, in time", async () => {
    const language = await loadLanguage("en");
    for (const odd of [
      "not ".repeat(5000),
      "un".repeat(5000),
      "n't".repeat(3000),
      "no one ".repeat(2000),
      ",;:".repeat(5000),
      "\uD800不".repeat(2000),
      "",
    ]) {
      expect(typeof agreeOnDenials(odd, "The lamp is not red.", language)).toBe("boolean");
      expect(agreeOnDenials(odd, odd, language)).toBe(true);
    }
  });
});
