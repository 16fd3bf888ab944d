import { z } from "zod";
import type { Trace } from "../../../../shared/contract/chat.ts";
import { Passage } from "../../../../shared/contract/search.ts";
import type { Truth } from "../../../db/truth.ts";

const Passages = z.array(Passage);
const Attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What was read for an answer: its passages, and the steps of its run. */
export function createTraceStore(truth: Truth, text: (hash: string) => string) {
  const { db } = truth;
  const stored = db.prepare<[string], { passages: string }>("SELECT passages FROM traces WHERE message_id = ?");
  const steps = db.prepare<[string], { name: string; duration_ms: number; attributes: string }>(
    `SELECT s.name, s.duration_ms, s.attributes FROM spans s JOIN runs r ON r.id = s.run_id
     WHERE r.id = (SELECT id FROM runs WHERE kind = 'chat.ask' AND subject = ? ORDER BY started_at DESC LIMIT 1) ORDER BY s.started_at, s.id`,
  );

  /** The stored text of a passage; empty where its document was deleted since. */
  function slice({ chunk }: Passage): string {
    try {
      return text(chunk.textHash).slice(chunk.start, chunk.end);
    } catch {
      return "";
    }
  }

  return {
    save(message: string, passages: readonly Passage[]): void {
      const withoutText = passages.map((passage) => ({ ...passage, text: "" }));
      truth.jot(() =>
        db.prepare("INSERT OR REPLACE INTO traces (message_id, passages) VALUES (?, ?)").run(message, JSON.stringify(withoutText)),
      );
    },
    get(message: string): Trace {
      const row = stored.get(message);
      const passages = row ? Passages.parse(JSON.parse(row.passages)) : [];
      return {
        passages: passages.map((passage) => ({ ...passage, text: slice(passage) })),
        steps: steps.all(message).map(({ name, duration_ms: durationMs, attributes }) => ({
          name,
          durationMs,
          attributes: Attributes.parse(JSON.parse(attributes)),
        })),
      };
    },
  };
}
