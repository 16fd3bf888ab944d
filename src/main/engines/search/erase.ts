import type { Database } from "better-sqlite3";

/** Pages of one step: some milliseconds. */
const pagesAStep = 64;

/**
 * Takes the words of removed rows out of the file. The full text only marks a removed row: its words go when the
 * segments that hold them are merged (https://sqlite.org/fts5.html#the_merge_command; a negative number merges until
 * one is left). What the merge frees is overwritten by `secure_delete`, and what the log still holds is folded away.
 */
export async function eraseRemoved(index: Database, checkpoint: () => Promise<void>): Promise<void> {
  const merge = index.prepare("INSERT INTO lexical (lexical, rank) VALUES ('merge', ?)");
  const changes = index.prepare<[], number>("SELECT total_changes()").pluck();
  for (;;) {
    const before = changes.get() ?? 0;
    merge.run(-pagesAStep);
    // The statement itself counts as one change.
    if ((changes.get() ?? 0) - before < 2) break;
    await checkpoint();
  }
  // A query that is being walked through needs the log: then it is emptied another time, and not waited for.
  const waitMs = Number(index.pragma("busy_timeout", { simple: true }));
  index.pragma("busy_timeout = 0");
  index.pragma("wal_checkpoint(TRUNCATE)");
  index.pragma(`busy_timeout = ${waitMs}`);
}
