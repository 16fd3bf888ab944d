import type { Migration } from "../migrate.ts";

/** Files that were begun and not finished come first: see the order in which files are claimed. They are few. */
export const batchBegun: Migration = {
  version: 10,
  name: "batch-begun",
  sql: `
    CREATE INDEX batch_items_begun ON batch_items(run_id, path, run_after) WHERE state = 'pending' AND attempts > 0;
  `,
};
