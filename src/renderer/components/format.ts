const number = new Intl.NumberFormat("en");
const oneDigit = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const dateTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const languageNames = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

export const formatNumber = (value: number): string => number.format(value);

/** `1 file`, `2 files`; the plural is the word with an s. */
export const formatCount = (value: number, word: string): string => `${number.format(value)} ${word}${value === 1 ? "" : "s"}`;

/** Bytes with a decimal unit, as disks and downloads count them. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${oneDigit.format(value)} ${units[unit]}`;
}

export const formatTime = (at: number): string => dateTime.format(at);

/** Milliseconds as a person reads them. */
export const formatDuration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${oneDigit.format(ms / 1000)} s`);

/** The last part of a path, whichever way its slashes lean. */
export const fileName = (path: string): string => path.split(/[\\/]/).findLast(Boolean) ?? path;

/** The name of a language that text recognition expects (`deu`, `chi_sim`); one without a name by its code. */
export function languageName(code: string): string {
  const [language = "", ...script] = code.split("_");
  const name = /^[a-z]{2,3}$/i.test(language) ? languageNames.of(language) : undefined;
  if (name === undefined) return code;
  return script.length > 0 ? `${name} (${script.join(" ")})` : name;
}
