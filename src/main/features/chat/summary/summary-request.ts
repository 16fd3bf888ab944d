/** Asks for the whole of something in short; the words behind (or, in German, between) name it. */
const REQUESTS = [
  /^\W*(?:(?:please|can you|could you)\s+)*(?:summari[sz]e|sum up|condense)\b(.*)$/isu,
  /\b(?:summary|overview|synopsis|abstract|main points|key points|gist)\s+(?:of|for|from|in)\b(.*)$/isu,
  /^\W*(?:tl;?dr)\b(.*)$/isu,
  /^\W*(?:bitte\s+)?fasse?\b(.*?)\s+(?:kurz\s+)?zusammen(?![\p{L}\p{N}_])/isu,
  /(?<![\p{L}\p{N}_])(?:zusammenfassung|überblick|inhaltsangabe)\s+(?:von|vom|der|des|zu|zum|zur|über)(?![\p{L}\p{N}_])(.*)$/isu,
];
/** Words around a name that are no part of it. */
const AROUND =
  /(?<![\p{L}\p{N}_.-])(?:please|the|this|that|a|an|my|our|whole|entire|document|file|pdf|page|for me|briefly|in (?:a few|one|two|three|\d+) (?:sentences?|words|lines|points)|bitte|das|die|der|den|des|dem|dies(?:e[rsmn]?)?|mir|ganze[nrs]?|dokuments?|datei|kurz|it|its|es)(?!\.?[\p{L}\p{N}_-])/giu;

/**
 * What a question wants summed up: `name` is what is left of how the document is called, empty for “this document”.
 * Undefined when it asks for no summary.
 */
export function summaryRequest(question: string): { name: string } | undefined {
  for (const pattern of REQUESTS) {
    const named = pattern.exec(question)?.[1];
    if (named !== undefined) return { name: nameIn(named) };
  }
  return undefined;
}

function nameIn(text: string): string {
  const quoted = /[“"„'‘«]([^”"“'’»]{2,200})[”"“'’»]/u.exec(text)?.[1];
  return (quoted ?? text.replaceAll(AROUND, " ")).replaceAll(/^[\s.,:;!?]+|[\s.,:;!?]+$/gu, "").replaceAll(/\s+/gu, " ");
}

type Called = { title: string; path?: string | undefined };

/** Whether a document's title or file is called by the same words as the name, whatever their case and order. */
export function isCalled(name: string, document: Called): boolean {
  const wanted = wordsOf(name);
  return namesOf(document).some((words) => words.size === wanted.size && words.size > 0 && holdsAll(words, wanted));
}

/** Whether its title or file is called by all words of the name, and others. */
export function isPartOfName(name: string, document: Called): boolean {
  const wanted = wordsOf(name);
  return wanted.size > 0 && namesOf(document).some((words) => holdsAll(words, wanted));
}

function namesOf({ title, path }: Called): Set<string>[] {
  const file = path?.split(/[/\\]/u).at(-1) ?? "";
  return [title, file, file.replace(/\.[^.]+$/u, "")].map(wordsOf);
}

const holdsAll = (words: ReadonlySet<string>, wanted: ReadonlySet<string>) => [...wanted].every((word) => words.has(word));

const wordsOf = (text: string) =>
  new Set(
    text
      .toLowerCase()
      .replaceAll(AROUND, " ")
      .match(/[\p{L}\p{N}]+/gu) ?? [],
  );
