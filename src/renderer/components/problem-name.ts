import type { ErrorCode } from "../../shared/errors.ts";
import type { messages, Say } from "./messages.ts";

/** What sort of failure a code stands for. What failed in particular, core's own sentence says. */
const names = {
  INTERNAL: "problemInternal",
  INVALID_INPUT: "problemInput",
  UNAUTHORIZED: "problemUnauthorized",
  FORBIDDEN: "problemForbidden",
  NOT_FOUND: "problemNotFound",
  CONFLICT: "problemConflict",
  RATE_LIMITED: "problemRate",
  ABORTED: "problemAborted",
  TIMEOUT: "problemTimeout",
  NOT_SUPPORTED: "problemNotSupported",
  FILE_UNREADABLE: "problemUnreadable",
  FILE_EMPTY: "problemEmpty",
  FILE_ENCRYPTED: "problemEncrypted",
  FILE_PASSWORD_WRONG: "problemPassword",
  FILE_DAMAGED: "problemDamaged",
  FILE_TOO_LARGE: "problemTooLarge",
  FILE_TYPE_UNSUPPORTED: "problemType",
  FILE_HOSTILE: "problemHostile",
  MODEL_MISSING: "problemModelMissing",
  MODEL_INVALID: "problemModelInvalid",
  MEMORY_LOW: "problemMemory",
  DISK_FULL: "problemDisk",
  STORAGE_READONLY: "problemReadonly",
  PROFILE_LOCKED: "problemProfile",
  SCHEMA_NEWER: "problemNewer",
  DATABASE_DAMAGED: "problemDatabase",
  OFFLINE: "problemOffline",
  EGRESS_DENIED: "problemEgress",
  DOWNLOAD_FAILED: "problemDownload",
  CHECKSUM_MISMATCH: "problemChecksum",
  ENGINE_EXITED: "problemEngineExited",
  ENGINE_UNAVAILABLE: "problemEngine",
  CLOSED: "problemClosed",
} as const satisfies Record<ErrorCode, keyof typeof messages>;

/** The sort of a failure in the language of the window. */
export const problemName = (code: ErrorCode, say: Say): string => say(names[code]);
