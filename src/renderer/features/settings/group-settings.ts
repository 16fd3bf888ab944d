import type { z } from "zod";
import type { SettingRow as SettingRowSchema } from "../../../shared/contract/settings.ts";

export type SettingRow = z.infer<typeof SettingRowSchema>;

/** First word of a key → the section that it is shown in, in the order of the page. */
const sections: Record<string, string> = {
  models: "Models",
  cpu: "Processor",
  answer: "Answers",
  search: "Search",
  ocr: "Text recognition",
  network: "Privacy and network",
  welcome: "First steps",
};

/** Settings by section, those whose key or description holds the text; a section nobody named comes last, by its own word. */
export function groupSettings(rows: readonly SettingRow[], text: string): { title: string; rows: SettingRow[] }[] {
  const wanted = text.trim().toLowerCase();
  const found = rows.filter(
    ({ key, description }) => wanted === "" || key.toLowerCase().includes(wanted) || description.toLowerCase().includes(wanted),
  );
  const words = [...new Set([...Object.keys(sections), ...found.map(({ key }) => wordOf(key))])];
  return words
    .map((word) => ({ title: sections[word] ?? word, rows: found.filter(({ key }) => wordOf(key) === word) }))
    .filter((group) => group.rows.length > 0);
}

const wordOf = (key: string): string => key.split(".")[0] ?? key;
