import { useAppearance } from "../../src/renderer/view/appearance-store.ts";
import { withInitial } from "./markup.tsx";

/** Runs in the test language, where every word of a catalogue is turned. */
export const inTestLanguage = <Result>(run: () => Result): Result => withInitial(useAppearance, { language: "ar-XB" }, run);

/**
 * Words of a piece of markup that no catalogue gave: texts, names, hints. `data` are texts that come from documents,
 * models or core, longest first in effect: they are no words of the window.
 */
export function unturnedWords(markup: string, data: readonly string[] = []): string[] {
  const names = [...markup.matchAll(/\s(?:aria-label|placeholder|title|alt)="([^"]*)"/g)].map(([, text]) => text ?? "");
  const texts = markup.replaceAll(/<(?:kbd|code|math)\b[\s\S]*?<\/(?:kbd|code|math)>/g, " ").split(/<[^>]*>/);
  const known = data.toSorted((a, b) => b.length - a.length);
  const left = [...names, ...texts].map((text) => {
    let rest = unescape(text).replaceAll(/\u202e[^\u202c]*\u202c/g, " ");
    for (const one of known) rest = rest.replaceAll(one, " ");
    return rest.trim();
  });
  return [...new Set(left.filter((text) => /\p{L}{3}/u.test(text)))];
}

const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
