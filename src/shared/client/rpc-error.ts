import { ORPCError } from "@orpc/client";
import { z } from "zod";
import { AppError, errorCodes, fromWire, isAbort, type ErrorCode } from "../errors.ts";

const Details = z.object({ hint: z.string().optional(), data: z.record(z.string(), z.unknown()).optional() });

/** Codes that oRPC itself raises before a route is reached. */
const libraryCodes: Record<string, ErrorCode> = {
  BAD_REQUEST: "INVALID_INPUT",
  UNPROCESSABLE_CONTENT: "INVALID_INPUT",
  UNSUPPORTED_MEDIA_TYPE: "INVALID_INPUT",
  PAYLOAD_TOO_LARGE: "INVALID_INPUT",
  METHOD_NOT_SUPPORTED: "NOT_SUPPORTED",
  TOO_MANY_REQUESTS: "RATE_LIMITED",
  CLIENT_CLOSED_REQUEST: "ABORTED",
};

/** Whatever a call over any transport was rejected with, as an `AppError`: the inverse of core's `toRpcError`. */
export function fromRpcError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ORPCError) {
    const details = Details.safeParse(error.data);
    const code = error.code in errorCodes ? error.code : (libraryCodes[error.code] ?? "INTERNAL");
    return fromWire({ code, message: error.message, ...(details.success ? details.data : {}) });
  }
  if (isAbort(error)) return new AppError("ABORTED", "The call was cancelled.", { cause: error });
  if (error instanceof TypeError && error.message === "fetch failed") {
    return new AppError("CLOSED", "Croft does not answer.", { hint: "Start it, or look whether it is still running.", cause: error });
  }
  return new AppError("INTERNAL", error instanceof Error ? error.message : "The call failed.", { cause: error });
}
