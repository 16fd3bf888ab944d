import type { Migration } from "../migrate.ts";

/**
 * The next file of a run is asked for once a file: of ten thousand that wait, one look finds the first by path. The few
 * that are in work have an index of their own, which the beat of their owner goes by, too.
 */
export const batchQueue: Migration = {
  version: 8,
  name: "batch-queue",
  sql: `
    CREATE INDEX batch_items_waiting ON batch_items(run_id, path, run_after) WHERE state = 'pending';
    CREATE INDEX batch_items_working ON batch_items(run_id, lease_until, lease_owner) WHERE state = 'working';
  `,
};
