/** Languages whose month names are understood; the names themselves come from the platform's locale data. */
const LOCALES = [
  "en",
  "de",
  "fr",
  "nl",
  "es",
  "it",
  "pt",
  "pl",
  "sv",
  "da",
  "nb",
  "fi",
  "cs",
  "sk",
  "hu",
  "ro",
  "tr",
  "hr",
  "sl",
  "et",
  "lv",
  "lt",
];

/** Shorter beginnings of a name are as good as the name where no other month begins so. */
const SHORTEST = 3;

export const foldName = (name: string): string => name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(".", "");

/** Month (1–12) by name in any of the languages, without case and accents: `januar`, `jan`, `aout`. */
export const monthNames: ReadonlyMap<string, number> = collectNames();

function collectNames(): Map<string, number> {
  const names = new Map<string, number>();
  const taken = new Map<string, Set<number>>();
  const note = (name: string, month: number) => {
    const months = taken.get(name) ?? new Set();
    months.add(month);
    taken.set(name, months);
  };
  for (const locale of LOCALES) {
    for (let month = 1; month <= 12; month += 1) {
      const date = new Date(Date.UTC(2024, month - 1, 15));
      for (const options of [{ month: "long" }, { month: "short" }, { month: "long", day: "numeric" }] as const) {
        const parts = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).formatToParts(date);
        const name = foldName(parts.find(({ type }) => type === "month")?.value ?? "");
        if (!/^\p{L}{2,}$/u.test(name)) continue;
        for (let length = Math.min(SHORTEST, name.length); length <= name.length; length += 1) note(name.slice(0, length), month);
      }
    }
  }
  for (const [name, months] of taken) {
    const [month] = months;
    if (months.size === 1 && month !== undefined) names.set(name, month);
  }
  return names;
}
