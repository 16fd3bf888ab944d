import type { BatchResult, Scalar } from "../../../../shared/contract/batch.ts";

/** A few documents of an export: as they are shown, and as rows of each of its tables. */
export type Slice = { results: readonly BatchResult[]; rows: readonly (readonly Scalar[][])[] };

/** Writes an export a slice at a time into files that do not have their final names yet. */
export type ExportWriter = {
  write(slice: Slice): Promise<void> | void;
  /** The files are whole. */
  end(): Promise<void> | void;
  /** After a failure: lets go of the files, whatever is in them. Also after `end`. */
  close(): Promise<void> | void;
};
