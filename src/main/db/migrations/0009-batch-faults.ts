import type { Migration } from "../migrate.ts";

/**
 * How often a file failed by a fault that may pass. Attempts count what ended Croft, too, which says nothing of the fault:
 * a file that was being read in three crashes was given up at its first fault.
 */
export const batchFaults: Migration = {
  version: 9,
  name: "batch-faults",
  sql: `
    ALTER TABLE batch_items ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;
  `,
};
