import type { BatchRecord, BatchRun, Change, FieldValue } from "../../../../shared/contract/batch.ts";
import type { Box } from "../../../../shared/contract/define.ts";
import type { PathValue } from "../values.ts";

/** What the desk of a document is given. */
export type RecordReviewProps = {
  run: BatchRun;
  id: string;
  /** Documents that are still to be reviewed. */
  left: number;
  onNext(): void;
  onPrevious(): void;
  onGo(record: string): void;
};

/** What is being typed for a field, and where a person saw it. */
export type Editing = { path: string; text: string; place?: { page: number; box: Box } };

/** What is shown of a document's fields, and what can be done with them. */
export type FieldPaneProps = {
  record: BatchRecord;
  left: number;
  shown: readonly PathValue[];
  all: boolean;
  onAll(all: boolean): void;
  active: string | undefined;
  onActive(path: string): void;
  editing: Editing | undefined;
  onEdit(path: string): void;
  onType(editing: Editing): void;
  onStopEditing(): void;
  onChange(change: Change): void;
  onDraw(): void;
  onAcceptEqual(path: string, value: FieldValue): void;
  onApprove(): void;
  onUndo(): void;
  onNext(): void;
  onPrevious(): void;
  /** Of how many documents a value was accepted at once. */
  accepted: number | undefined;
  error: unknown;
  busy: boolean;
};
