import { tokens } from "../../../text/analyse.ts";
import type { Language } from "../../../text/languages.ts";
import { contentTokens } from "./words.ts";

/** Words that turn round what follows them; “NO” may be a gas. */
const DENIAL = new RegExp(
  [
    "(?<![\\p{L}\\p{N}_])(?:" +
      "[Nn]o(?!\\s\\p{Lu}\\p{Ll}+\\s\\p{Lu})(?:\\sone)?|NO(?=\\s\\p{Lu}{2})|[Nn]ot|NOT|" +
      "[Nn](?:ever|one|either|or|obody|othing|owhere)|NEVER|[Ww]ithout|WITHOUT|[Cc]annot|CANNOT|[Hh]ardly|[Ss]carcely|[Ff]ail(?:s|ed)?(?=\\sto\\s)|" +
      "[Nn]icht|NICHT|[Nn]ichts|[Kk]ein\\p{Ll}*|KEIN\\p{Lu}*|[Nn]ie(?:mals|mand\\p{Ll}*)?|[Nn]irgend\\p{Ll}*|[Oo]hne|OHNE|[Ww]eder|[Kk]aum" +
      ")(?![\\p{L}\\p{N}_])",
    "(?:(?<=\\p{L})n['’]t|(?<=(?:^|\\P{L})(?:do|does|did|is|was|are|were|has|have|had|would|could|should))nt)(?!\\p{L})",
    "不(?![仅僅同断斷但少过過])|[没沒无無]|未(?![来來])",
  ].join("|"),
  "gu",
);
/** Where what is said of one thing ends. “Nor” begins a denial of its own. */
const CLAUSE =
  /[,;:.!?()[\]—–、，。；：！？（）]+|(?<!\p{L})(?:but|although|though|however|whereas|while|because|except|sondern|aber|obwohl|jedoch|weil)(?!\p{L})|(?<!\p{L})(?=nor(?!\p{L}))|(?<!\p{L})(?:and|und)\s(?=(?:an?|the|it|they|he|she|is|was|are|were|has|have|had|can|will|must|should|does|do|did|no|not|never|ist|war|wird|wurden?|hat|haben|kann|sind|waren|es|er|sie|der|die|das|nicht|kein\p{Ll}*)(?!\p{L}))/giu;
/** A word that denies by its beginning is the denial of its rest where the other text has that. */
const PREFIXED = /(?<![\p{L}\p{N}])(?:(un|non-?)(\p{Ll}{4,})|(in|im|ir|il)(\p{Ll}{5,}))(?![\p{L}\p{N}])/giu;
/** “Not only the lamp” says that the lamp is meant, unless the other text says “only the lamp”. */
const NOT_ONLY = /(?<!\p{L})(?:not\s(?:only|just|merely|simply)|nicht\snur)(?!\p{L})/giu;
const ONLY = /(?<!\p{L}|(?:not|nicht)\s)(?:only|just|merely|simply|nur)(?!\p{L})/iu;
/** As in “warehouse No. 4”. */
const NUMBER_OF_A_THING = /(?<!\p{L})no\.?\s?(?=\d)/giu;
/** A word that is an answer of its own, and denies nothing that follows its comma. */
const ANSWER = /^\s*(?:no|nein)\s*$/iu;
/** Words after a denial that may be what it denies. */
const REACH = 3;

/** Every shared word that one text denies is denied by the other, too; a clause that only one of them has does not matter. */
export function agreeOnDenials(text: string, source: string, language: Language): boolean {
  const said = readDenials(text, source, language);
  const given = readDenials(source, text, language);
  if (said.anchors.length > 0 && given.anchors.length === 0 && said.anchors.every((words) => !words.some((word) => given.states.has(word))))
    return false;
  return hold(said, given) && hold(given, said);
}

/** `denied` or not, for each place of a word: a word may stand in a text more than once. */
type Denials = { states: ReadonlyMap<string, ReadonlySet<boolean>>; anchors: readonly (readonly string[])[] };

/** Whether what the first text denies is denied just as often round in the second, as far as that speaks of it. */
function hold(first: Denials, second: Denials): boolean {
  return first.anchors.every((words) => {
    const shared = words.find((word) => second.states.has(word));
    if (shared === undefined) return true;
    const others = second.states.get(shared);
    return [...(first.states.get(shared) ?? [])].every((isDenied) => others?.has(isDenied));
  });
}

function readDenials(text: string, other: string, language: Language): Denials {
  const states = new Map<string, Set<boolean>>();
  const anchors: string[][] = [];
  // “It was not, however, red”: a denial alone between commas is one of what follows.
  let carried = 0;
  for (const clause of apart(text, other, language).split(CLAUSE)) {
    const [before = "", ...denied] = clause.split(DENIAL);
    const parts = [...Array.from({ length: carried }, () => ""), before, ...denied].map((part) => [...contentTokens(part, language)]);
    const denials = parts.length - 1;
    if (parts.every((words) => words.length === 0)) {
      carried = ANSWER.test(clause) ? 0 : denials;
      continue;
    }
    carried = 0;
    // “He came not”: what stands behind is denied by what comes after it.
    const isBehind = denials > 0 && parts.slice(1).every((words) => words.length === 0);
    for (const [index, words] of parts.entries()) {
      for (const word of words) states.set(word, (states.get(word) ?? new Set()).add((isBehind ? denials : index) % 2 === 1));
    }
    for (let index = 1; index <= denials; index += 1) {
      const following = isBehind ? (parts[0] ?? []).toReversed() : parts.slice(index).flat();
      if (following.length > 0) anchors.push(following.slice(0, REACH));
    }
  }
  return { states, anchors };
}

/** “unsupported” becomes “not supported” where the other text says “supported”. */
function apart(text: string, other: string, language: Language): string {
  const theirs = new Set(tokens(other, language));
  const isOnlyTheirs = ONLY.test(other) && other.search(NOT_ONLY) < 0;
  const plainly = text.replaceAll(NUMBER_OF_A_THING, "").replaceAll(NOT_ONLY, (found) => (isOnlyTheirs ? found : ""));
  return plainly.replaceAll(PREFIXED, (word, _un, rest, _in, longer) => {
    const plain = String(rest ?? longer);
    const isTheirs = tokens(plain, language).some((token) => theirs.has(token));
    return isTheirs && !tokens(word, language).every((token) => theirs.has(token)) ? `not ${plain}` : word;
  });
}
