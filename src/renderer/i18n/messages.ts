/** The languages of the interface. `ar-XB` is the well-known name of a made-up one that is written from the right. */
export const languages = ["en", "ar-XB"] as const;
export type Language = (typeof languages)[number];

/** The words in braces of a message: `{name} is removed` has `name`. */
type Gaps<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Gaps<Rest> : never;
/** `{count} file|{count} files`: which form it is, the number of `count` says, shown or not. */
type Names<Text extends string> = Gaps<Text> | (Text extends `${string}|${string}` ? "count" : never);
type Values<Text extends string> = [Names<Text>] extends [never] ? [] : [values: Record<Names<Text>, string | number>];

/** Says a message of one catalogue; the compiler knows its keys and what each of them must be told. */
export type Words<Catalogue extends Record<string, string>> = <Key extends keyof Catalogue & string>(
  key: Key,
  ...values: Values<Catalogue[Key]>
) => string;

/** The messages of one feature, in English. A language that is added is a catalogue with the same keys. */
export const defineMessages = <const Catalogue extends Record<string, string>>(english: Catalogue): Catalogue => english;

const number = new Intl.NumberFormat("en");
const plural = new Intl.PluralRules("en");

/**
 * The messages of a catalogue in a language. What fills a gap (a name, a number) is left as it is, but for `count`: a
 * number is written with its groups, and chooses between the two forms of a message that has them, `one|many`.
 */
export function wordsIn<Catalogue extends Record<string, string>>(catalogue: Catalogue, language: Language): Words<Catalogue> {
  return (key, ...[values]) => {
    const fill = (gap: string): string => {
      const value: string | number | undefined = values?.[gap as never];
      return gap === "count" && typeof value === "number" ? number.format(value) : String(value ?? "");
    };
    const parts = formOf(catalogue[key] ?? key, values?.["count" as never])
      .split(/\{(\w+)\}/)
      .map((part, index) => (index % 2 === 1 ? fill(part) : language === "en" ? part : mirrored(part)));
    return parts.join("");
  };
}

function formOf(text: string, count: string | number | undefined): string {
  const [one = "", many = one] = text.split("|");
  return typeof count === "number" && plural.select(count) === "one" ? one : many;
}

/**
 * English that runs from right to left: a word that does not come from a catalogue stands out, and a view that counts
 * on left and right falls apart while it is made, not when a translation comes. Each word is turned by U+202E.
 */
const mirrored = (text: string): string => text.replaceAll(/\p{L}[\p{L}\p{N}'’-]*/gu, (word) => `\u202e${word}\u202c`);
