/** A stretch of a text; offsets in UTF-16 units, end exclusive. */
export type Span = { start: number; end: number };

/** Ends of abbreviations after which Unicode's rules see the end of a sentence where there is none. */
const ABBREVIATION =
  /^\d{1,3}[.)]\s*$|(?:^|[\s(])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|approx|Fig|Abb|Nr|z\.B|d\.h|bzw|ca|Jr|Sr|Inc|Ltd|Co)\.\s*$/u;
const LONGEST_SENTENCE = 600;

/**
 * The sentences of a stretch of text, without the white space around them. Line breaks end a sentence too where the
 * text is a list or a table rather than running prose.
 */
export function sentencesOf(text: string, within: Span = { start: 0, end: text.length }, language = "en"): Span[] {
  const result: Span[] = [];
  for (const block of blocks(text, within)) {
    let open: Span | undefined;
    for (const { index, segment } of new Intl.Segmenter(language, { granularity: "sentence" }).segment(
      text.slice(block.start, block.end),
    )) {
      const span = { start: block.start + index, end: block.start + index + segment.length };
      open = open ? { start: open.start, end: span.end } : span;
      if (ABBREVIATION.test(text.slice(open.start, open.end))) continue;
      push(open);
      open = undefined;
    }
    if (open) push(open);
  }
  return result;

  function push(span: Span): void {
    const { start, end } = trim(text, span);
    for (let from = start; from < end; from += LONGEST_SENTENCE) result.push({ start: from, end: Math.min(end, from + LONGEST_SENTENCE) });
  }
}

/** Paragraphs, and lines that begin like items of a list or rows of a table. */
function* blocks(text: string, { start, end }: Span): Generator<Span> {
  let from = start;
  for (const match of text.slice(start, end).matchAll(/\n\s*\n|\n(?=\s*(?:[-*•|#]|\d+[.)]\s))/gu)) {
    yield { start: from, end: start + match.index };
    from = start + match.index + match[0].length;
  }
  yield { start: from, end };
}

function trim(text: string, { start, end }: Span): Span {
  const slice = text.slice(start, end);
  const lead = slice.length - slice.trimStart().length;
  return { start: start + lead, end: Math.max(start + lead, start + slice.trimEnd().length) };
}

/** Headings, rules and rows of a table's head name things; they state nothing. */
export function saysSomething(sentence: string): boolean {
  return !/^#{1,6}\s|^[\s|:=*_-]+$/u.test(sentence) && /\p{L}/u.test(sentence);
}
