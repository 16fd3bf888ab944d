import type { WalkedFile } from "./walk.ts";
import type { SourceFile } from "./source-store.ts";

/** Codes of failures that lay in Croft or the machine, or in rights that may have been given since. */
const MAY_BE_GONE: ReadonlySet<string> = new Set(["INTERNAL", "TIMEOUT", "ENGINE_EXITED", "ENGINE_UNAVAILABLE", "FILE_UNREADABLE"]);

/**
 * Whether a file is to be read: it is new, changed or was left undone, or failed for a cause that may be gone. What was
 * refused for its content is tried again only when that changed; a new password makes locked files pending. One that
 * came back with its drive and looks as before is the one that was read.
 */
export function needsWork(file: WalkedFile, known: SourceFile | undefined, canRecognise: boolean): boolean {
  if (!known || known.state === "pending") return true;
  if (known.size !== file.size || known.modifiedAt !== file.modifiedAt) return true;
  if (known.state !== "failed" || known.reason === undefined) return false;
  return MAY_BE_GONE.has(known.reason) || (known.reason === "NOT_SUPPORTED" && canRecognise);
}
