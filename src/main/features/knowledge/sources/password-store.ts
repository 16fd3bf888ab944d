import { z } from "zod";
import type { Secrets } from "../../../core/host.ts";
import type { Logger } from "../../../core/logger.ts";
import type { Truth } from "../../../db/truth.ts";

const nameOf = (sourceId: string) => `source.${sourceId}.password`;

const Options = z.looseObject({ reading: z.looseObject({ password: z.string() }) });

export type Passwords = ReturnType<typeof createPasswords>;

/** Passwords of sources. They lie with the host's secrets; the database holds none. */
export function createPasswords({ truth, secrets, log }: { truth: Truth; secrets: Secrets; log: Logger }) {
  const { db } = truth;
  const inDatabase = db.prepare<[], { id: string; options: string }>(
    "SELECT id, options FROM sources WHERE json_extract(options, '$.reading.password') IS NOT NULL",
  );
  const clear = db.prepare<[string]>("UPDATE sources SET options = json_remove(options, '$.reading.password') WHERE id = ?");
  const retryLocked = db.prepare<[string]>(
    `UPDATE files SET state = 'pending' WHERE source_id = ? AND state = 'failed'
       AND json_extract(reason, '$.code') IN ('FILE_ENCRYPTED', 'FILE_PASSWORD_WRONG')`,
  );

  /**
   * Passwords that an earlier Croft kept in the database move to the secrets and are written over where they were. What
   * cannot be moved stays until it can.
   */
  async function moveOut(): Promise<void> {
    const found = inDatabase.all();
    if (found.length === 0) return;
    try {
      for (const { id, options } of found) {
        await secrets.set(nameOf(id), Options.parse(JSON.parse(options)).reading.password);
        db.pragma("secure_delete = ON");
        truth.transact(() => void clear.run(id));
      }
      // The log of the database holds the rows as they were.
      db.pragma("wal_checkpoint(TRUNCATE)");
    } catch (error) {
      log.warn("passwords.not-moved", { error });
    }
  }
  const moved = moveOut();

  return {
    /** Secrets that cannot be read cost the locked files, which say so, and nothing else. */
    of: async (sourceId: string): Promise<string | undefined> => {
      await moved;
      try {
        return await secrets.get(nameOf(sourceId));
      } catch (error) {
        log.warn("passwords.unreadable", { error });
        return undefined;
      }
    },
    /** A new password gives the locked files of its source another try. */
    async set(sourceId: string, password: string): Promise<void> {
      await moved;
      if ((await secrets.get(nameOf(sourceId))) === password) return;
      await secrets.set(nameOf(sourceId), password);
      truth.transact(() => void retryLocked.run(sourceId));
    },
    async forget(sourceIds: readonly string[]): Promise<void> {
      await moved;
      for (const id of sourceIds) await secrets.delete(nameOf(id));
    },
  };
}
