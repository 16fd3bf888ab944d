import { setImmediate as nextTurn } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import type { Language } from "../../text/languages.ts";
import type { Selection } from "./mirror.ts";
import { matchExpression, queryTerms, type Term } from "./query-terms.ts";
import { createTop, type Scored } from "./top.ts";

export type KeywordResult = {
  found: Scored[];
  matched: number;
  /** The query names something by a code that stands in few chunks, such as `ERR-4012`. */
  isNamed: boolean;
};

/** A code of so many digits, in no more chunks, is the name of something; years and measures stand in more, `p53` and `IL-6` are words. */
const namedDigits = 3;
const namedRows = 16;

/** Title and headings count twice: best on SciFact and product-docs, see docs/eval/retrieval.md. */
const contextWeight = 2;
/** Turns of the event loop are this far apart at most, so that writes, other calls and aborts get in. */
const sliceMs = 10;
const maxKeptCounts = 20_000;
/** A token as frequent as this stays frequent: its count is not taken again for every row that comes. */
const settledCount = 1000;

const isName = ({ token, isCode, frequency }: Term): boolean =>
  isCode && frequency <= namedRows && token.replaceAll(/\P{N}/gu, "").length >= namedDigits;

/** Keyword search over the full-text table. `search` must not run twice at once on one connection. */
export function createKeywordLeg(reader: Database) {
  const count = reader.prepare<[string], number>("SELECT doc FROM vocabulary WHERE term = ?").pluck();
  const match = reader
    .prepare<[string], [number, number]>(`SELECT rowid, -bm25(lexical, ${contextWeight}, 1) FROM lexical WHERE lexical MATCH ?`)
    .raw();
  const counts = new Map<string, { count: number; version: number }>();
  let version = 0;

  function frequency(token: string): number {
    const known = counts.get(token);
    if (known && (known.version === version || known.count >= settledCount)) return known.count;
    const found = count.get(token) ?? 0;
    if (counts.size >= maxKeptCounts) counts.clear();
    counts.set(token, { count: found, version });
    return found;
  }

  return {
    /** To be called when rows were added: a token that was nowhere may be somewhere now. */
    changed(): void {
      version++;
    },

    /** The best `limit` selected rows by BM25, and how many matched at all. @throws the signal's reason */
    async search(
      text: string,
      languages: readonly Language[],
      limit: number,
      selection: Selection,
      signal: AbortSignal,
    ): Promise<KeywordResult> {
      const terms = queryTerms(text, languages, frequency);
      if (terms.length === 0) return { found: [], matched: 0, isNamed: false };
      const top = createTop(limit);
      let matched = 0;
      let rows = 0;
      let sliceEnd = performance.now() + sliceMs;
      for (const [key, score] of match.iterate(matchExpression(terms))) {
        if (selection.has(key)) {
          matched++;
          top.offer(key, score);
        }
        if ((++rows & 255) !== 0 || performance.now() < sliceEnd) continue;
        await nextTurn();
        signal.throwIfAborted();
        sliceEnd = performance.now() + sliceMs;
      }
      return { found: top.take(), matched, isNamed: terms.some(isName) };
    },
  };
}
