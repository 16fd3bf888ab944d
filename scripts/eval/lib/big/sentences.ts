export type Language = "en" | "de" | "zh";

/** What a file says and no other does: found by its code, in whatever language it is said. */
export type Fact = { code: string; text: string };

const factTexts: Record<Language, (code: string, amount: number) => string> = {
  en: (code, amount) => `The deposit for locker ${code} is ${amount} euros.`,
  de: (code, amount) => `Das Pfand für Schließfach ${code} beträgt ${amount} Euro.`,
  zh: (code, amount) => `储物柜 ${code} 的押金是 ${amount} 欧元。`,
};

/** Codes have no leading zeros, which recognition could take for letters. */
export function factOf(language: Language, number: number): Fact {
  const code = `LK-${10_000 + number}`;
  return { code, text: factTexts[language](code, 11 + (number % 89)) };
}

const subjects: Record<Language, readonly string[]> = {
  en: [
    "The ferry office",
    "Our gardener",
    "A retired clockmaker",
    "The night shift",
    "The archive in the cellar",
    "Every second volunteer",
  ],
  de: ["Das Fährbüro", "Unser Gärtner", "Ein Uhrmacher im Ruhestand", "Die Nachtschicht", "Das Archiv im Keller", "Jede zweite Helferin"],
  zh: ["渡轮办公室", "我们的园丁", "退休的钟表匠", "夜班人员", "地下室的档案馆", "每两位志愿者中的一位"],
};
const actions: Record<Language, readonly string[]> = {
  en: ["keeps a ledger of", "repaired", "complained twice about", "was asked to count", "wrote a short note on", "could not find"],
  de: [
    "führt ein Verzeichnis über",
    "reparierte",
    "beschwerte sich zweimal über",
    "sollte zählen:",
    "schrieb eine Notiz über",
    "fand nicht mehr",
  ],
  zh: ["登记了", "修理了", "两次投诉了", "被要求清点", "写了一份关于", "没有找到"],
};
const objects: Record<Language, readonly string[]> = {
  en: [
    "the copper kettles",
    "all rain gauges of the valley",
    "three crates of seed potatoes",
    "the lanterns at the north gate",
    "a map of the old mill race",
  ],
  de: [
    "die Kupferkessel",
    "alle Regenmesser im Tal",
    "drei Kisten Saatkartoffeln",
    "die Laternen am Nordtor",
    "eine Karte des alten Mühlgrabens",
  ],
  zh: ["铜壶", "山谷里所有的雨量计", "三箱种薯", "北门的灯笼", "旧磨坊水渠的地图"],
};
const times: Record<Language, readonly string[]> = {
  en: [
    "in the first week of May",
    "after the storm",
    "before anybody else arrived",
    "without telling the board",
    "for the sum of twelve euros",
  ],
  de: ["in der ersten Maiwoche", "nach dem Sturm", "noch vor allen anderen", "ohne den Vorstand zu fragen", "für zwölf Euro"],
  zh: ["在五月的第一周", "在暴风雨之后", "在其他人到来之前", "没有告诉董事会", "花了十二欧元"],
};

/** Sentences that say little and are many. */
export function sentence(language: Language, random: () => number): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? "";
  const parts = [pick(subjects[language]), pick(actions[language]), pick(objects[language]), pick(times[language])];
  return language === "zh" ? `${parts.join("")}。` : `${parts.join(" ")}.`;
}

export const sentences = (language: Language, count: number, random: () => number): string[] =>
  Array.from({ length: count }, () => sentence(language, random));

/** Lines of at most `width` characters, broken at spaces. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
