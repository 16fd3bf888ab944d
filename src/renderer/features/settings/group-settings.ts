import type { z } from "zod";
import type { SettingRow as SettingRowSchema } from "../../../shared/contract/settings.ts";
import type { Say } from "./messages.ts";
import { isFoundBy } from "./setting-words.ts";

export type SettingRow = z.infer<typeof SettingRowSchema>;

/** First word of a key → the section that it is shown in, in the order of the page. */
const sections = {
  models: "sectionModels",
  cpu: "sectionProcessor",
  answer: "sectionAnswers",
  search: "sectionSearch",
  ocr: "sectionRecognition",
  network: "sectionNetwork",
  welcome: "sectionWelcome",
} as const;

/** Settings by section, those whose words or key hold the text; a section nobody named comes last, by its own word. */
export function groupSettings(rows: readonly SettingRow[], text: string, say: Say): { title: string; rows: SettingRow[] }[] {
  const found = rows.filter((row) => isFoundBy(row, text, say));
  const words = [...new Set([...Object.keys(sections), ...found.map(({ key }) => wordOf(key))])];
  return words
    .map((word) => ({ title: titleOf(word, say), rows: found.filter(({ key }) => wordOf(key) === word) }))
    .filter((group) => group.rows.length > 0);
}

const isSection = (word: string): word is keyof typeof sections => Object.hasOwn(sections, word);
const titleOf = (word: string, say: Say): string => (isSection(word) ? say(sections[word]) : word);
const wordOf = (key: string): string => key.split(".")[0] ?? key;
