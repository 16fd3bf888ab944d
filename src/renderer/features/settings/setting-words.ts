import type { SettingRow } from "../../../shared/contract/settings.ts";
import { messages, type Say } from "./messages.ts";

type Row = Pick<SettingRow, "key" | "description">;

/** The choices of the settings that have a few. */
const choices = {
  auto: "ocr.mode.auto",
  never: "ocr.mode.never",
  always: "ocr.mode.always",
  instant: "answer.effort.instant",
  normal: "answer.effort.normal",
  thorough: "answer.effort.thorough",
} as const;

const isChoice = (value: unknown): value is keyof typeof choices => typeof value === "string" && Object.hasOwn(choices, value);

/** What a setting is called here; one that this window does not know, as core calls it. */
export const settingName = ({ key, description }: Row, say: Say): string => (Object.hasOwn(messages, key) ? say(key) : description);

/** A value of a setting in words: a choice by its name, a list with commas. */
export function valueWords(value: unknown, say: Say): string {
  if (typeof value === "boolean") return say(value ? "on" : "off");
  if (isChoice(value)) return say(choices[value]);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** Whether what is shown of a setting, its key or core's own words hold the text. */
export function isFoundBy(row: Row, text: string, say: Say): boolean {
  const wanted = text.trim().toLowerCase();
  // Without the marks that turn a word round, which nobody types.
  const shown = settingName(row, say).replaceAll(/[\u202c\u202e]/g, "");
  return [row.key, shown, row.description].some((words) => words.toLowerCase().includes(wanted));
}
