/** What keyword search needs to know of a language. */
export type Language = {
  /** ISO 639-1, or `und` where the language is unknown: then words are taken as they are. */
  code: string;
  stem(word: string): string;
  stopWords: ReadonlySet<string>;
};

type Source = { stemmer?: () => Promise<{ stemmer(word: string): string }>; stopWords?: () => Promise<{ stopwords: string[] }> };

/** Literal specifiers, so that the bundler sees every one of them. */
const sources: Record<string, Source> = {
  ar: { stemmer: () => import("@orama/stemmers/arabic"), stopWords: () => import("@orama/stopwords/arabic") },
  bg: { stemmer: () => import("@orama/stemmers/bulgarian"), stopWords: () => import("@orama/stopwords/bulgarian") },
  da: { stemmer: () => import("@orama/stemmers/danish"), stopWords: () => import("@orama/stopwords/danish") },
  de: { stemmer: () => import("@orama/stemmers/german"), stopWords: () => import("@orama/stopwords/german") },
  el: { stemmer: () => import("@orama/stemmers/greek"), stopWords: () => import("@orama/stopwords/greek") },
  en: { stemmer: () => import("@orama/stemmers/english"), stopWords: () => import("@orama/stopwords/english") },
  es: { stemmer: () => import("@orama/stemmers/spanish"), stopWords: () => import("@orama/stopwords/spanish") },
  fi: { stemmer: () => import("@orama/stemmers/finnish"), stopWords: () => import("@orama/stopwords/finnish") },
  fr: { stemmer: () => import("@orama/stemmers/french"), stopWords: () => import("@orama/stopwords/french") },
  hu: { stemmer: () => import("@orama/stemmers/hungarian"), stopWords: () => import("@orama/stopwords/hungarian") },
  hy: { stemmer: () => import("@orama/stemmers/armenian"), stopWords: () => import("@orama/stopwords/armenian") },
  id: { stemmer: () => import("@orama/stemmers/indonesian"), stopWords: () => import("@orama/stopwords/indonesian") },
  it: { stemmer: () => import("@orama/stemmers/italian"), stopWords: () => import("@orama/stopwords/italian") },
  lt: { stemmer: () => import("@orama/stemmers/lithuanian"), stopWords: () => import("@orama/stopwords/lithuanian") },
  nl: { stemmer: () => import("@orama/stemmers/dutch"), stopWords: () => import("@orama/stopwords/dutch") },
  no: { stemmer: () => import("@orama/stemmers/norwegian"), stopWords: () => import("@orama/stopwords/norwegian") },
  pt: { stemmer: () => import("@orama/stemmers/portuguese"), stopWords: () => import("@orama/stopwords/portuguese") },
  ro: { stemmer: () => import("@orama/stemmers/romanian"), stopWords: () => import("@orama/stopwords/romanian") },
  ru: { stemmer: () => import("@orama/stemmers/russian"), stopWords: () => import("@orama/stopwords/russian") },
  sl: { stopWords: () => import("@orama/stopwords/slovenian") },
  sr: { stemmer: () => import("@orama/stemmers/serbian"), stopWords: () => import("@orama/stopwords/serbian") },
  sv: { stemmer: () => import("@orama/stemmers/swedish"), stopWords: () => import("@orama/stopwords/swedish") },
  tr: { stemmer: () => import("@orama/stemmers/turkish"), stopWords: () => import("@orama/stopwords/turkish") },
  uk: { stemmer: () => import("@orama/stemmers/ukrainian"), stopWords: () => import("@orama/stopwords/ukrainian") },
};

/** Words that ask instead of naming what is looked for, and one-letter words that the lists of the library leave out. */
const questionWords: Record<string, string> = {
  en: "a about also did get much many tell describe explain",
  de: "dass wer wen wem wessen was wann warum wieso weshalb wohin woher wofür woran worin wodurch welche viele vielen wieviel wurde wurden worden",
};

const loaded = new Map<string, Promise<Language>>();

/** The language of an ISO 639-1 code; one without stemmer and stop words for a code that is not known. */
export function loadLanguage(code: string): Promise<Language> {
  const known = loaded.get(code);
  if (known) return known;
  const loading = load(code);
  loaded.set(code, loading);
  return loading;
}

/** The code that rows of a language are stored with: ISO 639-1 without region, `und` where it is not known. */
export function languageCode(code: string | undefined): string {
  const base = code?.toLowerCase().split(/[-_]/, 1)[0] ?? "";
  if (base === "nb" || base === "nn") return "no";
  return /^[a-z]{2,3}$/.test(base) ? base : "und";
}

/** The same code where the language has an analysis of its own, else `und`. */
export function analysisCode(code: string): string {
  return Object.hasOwn(sources, code) ? code : "und";
}

async function load(code: string): Promise<Language> {
  const source = Object.hasOwn(sources, code) ? sources[code] : undefined;
  const [stemming, stopping] = await Promise.all([source?.stemmer?.(), source?.stopWords?.()]);
  const words = [...(stopping?.stopwords ?? []), ...(questionWords[code]?.split(" ") ?? [])];
  return {
    code,
    stem: cached(stemming?.stemmer ?? ((word) => word)),
    stopWords: new Set(words.map((word) => word.normalize("NFKC").toLowerCase())),
  };
}

/** Words repeat; stemming one costs more than looking it up. */
function cached(stem: (word: string) => string): (word: string) => string {
  const limit = 50_000;
  const known = new Map<string, string>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined) return found;
    const stemmed = stem(word) || word;
    if (known.size >= limit) known.clear();
    known.set(word, stemmed);
    return stemmed;
  };
}
