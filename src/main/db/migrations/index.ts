import type { Migration } from "../migrate.ts";
import { foundation } from "./0001-foundation.ts";
import { records } from "./0002-records.ts";
import { batch } from "./0003-batch.ts";
import { conversations } from "./0004-conversations.ts";
import { revisions } from "./0005-revisions.ts";
import { removal } from "./0006-removal.ts";
import { batchLists } from "./0007-batch-lists.ts";
import { batchQueue } from "./0008-batch-queue.ts";
import { batchFaults } from "./0009-batch-faults.ts";
import { batchBegun } from "./0010-batch-begun.ts";

/** In order; a landed migration is never edited. */
export const migrations: readonly Migration[] = [
  foundation,
  records,
  batch,
  conversations,
  revisions,
  removal,
  batchLists,
  batchQueue,
  batchFaults,
  batchBegun,
];
