import type { ThreadHit } from "../../../../shared/contract/chat.ts";
import type { Truth } from "../../../db/truth.ts";

type Row = { thread: string; title: string; message: string | null; role: "user" | "assistant" | null; at: number; snippet: string };

/** Marks that cannot stand in a text of a person: private use. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"];
const SNIPPET_WORDS = 24;
const MOST_WORDS = 12;

/** Search over everything that was said. */
export function createSpokenStore(truth: Truth) {
  const select = (where: string, order: string) =>
    truth.db.prepare<[{ query: string; limit: number; thread: string | null }], Row>(
      `SELECT s.thread_id AS thread, t.title, s.message_id AS message, m.role, coalesce(m.created_at, t.updated_at) AS at,
         snippet(spoken_text, 0, '${OPEN}', '${CLOSE}', '…', ${SNIPPET_WORDS}) AS snippet
       FROM spoken_text JOIN spoken s ON s.key = spoken_text.rowid JOIN threads t ON t.id = s.thread_id
       LEFT JOIN messages m ON m.id = s.message_id
       WHERE spoken_text MATCH @query ${where} ORDER BY ${order} LIMIT @limit`,
    );
  // A title by rule is the first question once more.
  const everywhere = select("AND (s.message_id IS NOT NULL OR t.titled <> 'rule')", "bm25(spoken_text), at DESC, s.key");
  const inThread = select("AND s.thread_id = @thread AND s.message_id IS NOT NULL", "m.created_at, m.id");

  return {
    /** Titles and messages that hold all the words, the last of them as a beginning. */
    search(text: string, thread: string | undefined, limit: number): ThreadHit[] {
      const query = matchOf(text);
      if (query === undefined) return [];
      const rows = (thread === undefined ? everywhere : inThread).all({ query, limit, thread: thread ?? null });
      return rows.map(({ thread: id, title, message, role, at, snippet }) => ({
        thread: id,
        title,
        ...(message === null ? {} : { message }),
        ...(role === null ? {} : { role }),
        at,
        snippet: segments(snippet),
      }));
    },
  };
}

/** Words as FTS5 reads them and nothing of its syntax; undefined where there is none. */
export function matchOf(text: string): string | undefined {
  const words = (text.normalize("NFC").match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).slice(0, MOST_WORDS);
  return words.length === 0 ? undefined : `${words.map((word) => `"${word}"`).join(" ")}*`;
}

function segments(snippet: string): ThreadHit["snippet"] {
  const parts = snippet.replaceAll(/\s+/gu, " ").split(new RegExp(`(${OPEN}[^${CLOSE}]*${CLOSE})`, "u"));
  return parts
    .filter((part) => part !== "")
    .map((part) => (part.startsWith(OPEN) ? { text: part.slice(1, -1), hit: true } : { text: part, hit: false }));
}
