import type { Database } from "better-sqlite3";
import type { Event } from "../../shared/contract/system.ts";
import { databaseError } from "./open.ts";

/** Writes of one transaction; events become visible with the change they tell of, or not at all. */
export type Transaction = { event(kind: string, subject: string): void };

/** The database, with one way to write to it. Stores are functions over this. */
export type Truth = {
  readonly db: Database;
  readonly now: () => number;
  /** Runs `work` in one immediate transaction and tells listeners of its events once it is committed. */
  transact<Result>(work: (transaction: Transaction) => Result): Result;
  /**
   * Runs a write that must survive a crash of Croft but not of the machine, such as each token of an answer, or what a
   * job would do again: it reaches the disk with the next `transact`, which is a millisecond or more for each.
   */
  jot<Result>(work: (transaction: Transaction) => Result): Result;
  eventsSince(seq: number, limit?: number): Event[];
  lastSeq(): number;
  onEvents(listener: (events: Event[]) => void): () => void;
  close(): void;
};

/** Wraps an opened database. `profile` is named in errors; what a listener throws is its own fault, and goes to `onListenerError`. */
export function createTruth(db: Database, profile: string, now: () => number, onListenerError: (error: unknown) => void = () => {}): Truth {
  const listeners = new Set<(events: Event[]) => void>();
  const insert = db.prepare<[number, string, string]>("INSERT INTO events (at, kind, subject) VALUES (?, ?, ?)");
  const since = db.prepare<[number, number], Event>("SELECT seq, at, kind, subject FROM events WHERE seq > ? ORDER BY seq LIMIT ?");
  const last = db.prepare<[], { seq: number }>("SELECT coalesce(max(seq), 0) AS seq FROM events");

  function write<Result>(work: (transaction: Transaction) => Result): Result {
    const events: Event[] = [];
    const transaction: Transaction = {
      event(kind, subject) {
        const at = now();
        const { lastInsertRowid } = insert.run(at, kind, subject);
        events.push({ seq: Number(lastInsertRowid), at, kind, subject });
      },
    };
    let result;
    try {
      result = db.transaction(() => work(transaction)).immediate();
    } catch (error) {
      throw databaseError(error, profile);
    }
    if (events.length > 0) for (const listener of listeners) tell(listener, events);
    return result;
  }

  /** The change is committed: whoever cannot take the news must not make it look undone, nor keep it from the others. */
  function tell(listener: (events: Event[]) => void, events: Event[]): void {
    try {
      listener(events);
    } catch (error) {
      onListenerError(error);
    }
  }

  return {
    db,
    now,
    transact: write,
    jot(work) {
      db.pragma("synchronous = NORMAL");
      try {
        return write(work);
      } finally {
        db.pragma("synchronous = FULL");
      }
    },
    eventsSince: (seq, limit = 1000) => since.all(seq, limit),
    lastSeq: () => last.get()?.seq ?? 0,
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      listeners.clear();
      try {
        db.pragma("wal_checkpoint(TRUNCATE)");
      } catch {
        // No room to fold the log into the file: both stay, and the next start reads both.
      }
      db.close();
    },
  };
}
