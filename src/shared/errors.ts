/**
 * Every error that may cross a boundary (wire, worker, process, command line) has one of these codes.
 * `status` is the HTTP status it becomes, `exit` the exit code of the command line.
 */
export const errorCodes = {
  INTERNAL: { status: 500, exit: 1 },
  INVALID_INPUT: { status: 400, exit: 2 },
  UNAUTHORIZED: { status: 401, exit: 2 },
  FORBIDDEN: { status: 403, exit: 2 },
  NOT_FOUND: { status: 404, exit: 3 },
  CONFLICT: { status: 409, exit: 2 },
  RATE_LIMITED: { status: 429, exit: 6 },
  ABORTED: { status: 499, exit: 130 },
  TIMEOUT: { status: 504, exit: 4 },
  NOT_SUPPORTED: { status: 501, exit: 2 },

  // Documents
  FILE_UNREADABLE: { status: 422, exit: 4 },
  FILE_EMPTY: { status: 422, exit: 4 },
  FILE_ENCRYPTED: { status: 422, exit: 4 },
  FILE_PASSWORD_WRONG: { status: 422, exit: 4 },
  FILE_DAMAGED: { status: 422, exit: 4 },
  FILE_TOO_LARGE: { status: 413, exit: 4 },
  FILE_TYPE_UNSUPPORTED: { status: 415, exit: 4 },
  FILE_HOSTILE: { status: 422, exit: 4 },

  // Resources
  MODEL_MISSING: { status: 503, exit: 6 },
  MODEL_INVALID: { status: 422, exit: 6 },
  MEMORY_LOW: { status: 507, exit: 6 },
  DISK_FULL: { status: 507, exit: 6 },
  STORAGE_READONLY: { status: 507, exit: 6 },
  PROFILE_LOCKED: { status: 423, exit: 6 },
  SCHEMA_NEWER: { status: 409, exit: 6 },
  DATABASE_DAMAGED: { status: 500, exit: 6 },
  OFFLINE: { status: 503, exit: 6 },
  EGRESS_DENIED: { status: 403, exit: 6 },
  DOWNLOAD_FAILED: { status: 502, exit: 6 },
  CHECKSUM_MISMATCH: { status: 502, exit: 6 },
  ENGINE_EXITED: { status: 503, exit: 1 },
  ENGINE_UNAVAILABLE: { status: 503, exit: 6 },
  CLOSED: { status: 503, exit: 6 },
} as const satisfies Record<string, { status: number; exit: number }>;

export type ErrorCode = keyof typeof errorCodes;

/** Names of the prototype are no codes, whoever sends them. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

export type AppErrorOptions = {
  /** What the person can do next, one sentence. */
  hint?: string | undefined;
  /** Facts for programs; never document text, prompts or secrets. */
  data?: Record<string, unknown> | undefined;
  cause?: unknown;
};

/**
 * The one error class of Croft. `message` says what failed and what was kept; `hint` says what to do next.
 * Compare by `code`, never by text.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.data = options.data;
  }
}

/** An error as plain data, the form that crosses every boundary. */
export type WireError = { code: ErrorCode; message: string; hint?: string; data?: Record<string, unknown> };

/** True for an abort, whoever raised it: our own code or a platform `AbortError`. */
export function isAbort(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "ABORTED";
  return error instanceof Error && error.name === "AbortError";
}

/** Any thrown value as an `AppError`. Unknown errors become INTERNAL and keep their text only as `cause`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AppError("ABORTED", "The operation was cancelled.", { cause: error });
  return new AppError("INTERNAL", "Something in Croft failed; the log has the details.", { cause: error });
}

/** The wire form of any thrown value. */
export function toWire(error: unknown): WireError {
  const { code, message, hint, data } = toAppError(error);
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(data === undefined ? {} : { data }) };
}

/** The error that a wire form stands for; a code nobody knows becomes INTERNAL. */
export function fromWire(wire: {
  code: string;
  message: string;
  hint?: string | undefined;
  data?: Record<string, unknown> | undefined;
}): AppError {
  const code = isErrorCode(wire.code) ? wire.code : "INTERNAL";
  return new AppError(code, wire.message, { hint: wire.hint, data: wire.data });
}
