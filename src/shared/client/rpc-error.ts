import { ORPCError } from "@orpc/client";
import { AppError, type ErrorCode, fromWire, isAbort, isErrorCode } from "../errors.ts";

/** Codes that oRPC itself raises before a route is reached. */
const libraryCodes = new Map<string, ErrorCode>(
  Object.entries({
    BAD_REQUEST: "INVALID_INPUT",
    UNPROCESSABLE_CONTENT: "INVALID_INPUT",
    UNSUPPORTED_MEDIA_TYPE: "INVALID_INPUT",
    PAYLOAD_TOO_LARGE: "INVALID_INPUT",
    METHOD_NOT_SUPPORTED: "NOT_SUPPORTED",
    TOO_MANY_REQUESTS: "RATE_LIMITED",
    CLIENT_CLOSED_REQUEST: "ABORTED",
  } satisfies Record<string, ErrorCode>),
);

/** Whatever a call over any transport was rejected with, as an `AppError`: the inverse of core's `toRpcError`. */
export function fromRpcError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ORPCError) {
    const code = isErrorCode(error.code) ? error.code : (libraryCodes.get(error.code) ?? "INTERNAL");
    return fromWire({ code, message: error.message, ...detailsOf(error.data) });
  }
  if (isAbort(error)) return new AppError("ABORTED", "The call was cancelled.", { cause: error });
  if (error instanceof TypeError && error.message === "fetch failed") {
    return new AppError("CLOSED", "Croft does not answer.", { hint: "Start it, or look whether it is still running.", cause: error });
  }
  return new AppError("INTERNAL", error instanceof Error ? error.message : "The call failed.", { cause: error });
}

/** Hint and facts of a wire error; anything else is left out. Written by hand, so that a page need not load zod for it. */
function detailsOf(details: unknown): { hint?: string; data?: Record<string, unknown> } {
  if (!isRecord(details)) return {};
  const { hint, data } = details;
  return { ...(typeof hint === "string" ? { hint } : {}), ...(isRecord(data) ? { data } : {}) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
