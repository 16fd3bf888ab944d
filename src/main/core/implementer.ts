import { implement, type ImplementerInternalWithMiddlewares, ORPCError, ValidationError } from "@orpc/server";
import { type Contract, contract } from "../../shared/contract/index.ts";
import { AppError, errorCodes, isErrorCode, toAppError, toWire } from "../../shared/errors.ts";
import { issueWords } from "../../shared/issue-words.ts";
import type { Logger } from "./logger.ts";
import type { Principal } from "./principal.ts";

/** What every handler is given beside its input. Made by the transport that the call came through. */
export type CallerContext = { principal: Principal; log: Logger };

const guarded = implement(contract)
  .$context<CallerContext>()
  .use(async ({ context, next, procedure, path }) => {
    try {
      const effect = procedure["~orpc"].meta.effect;
      if (!context.principal.effects.has(effect)) {
        throw new AppError("FORBIDDEN", `${context.principal.name} may not call ${path.join(".")}: it needs the right to ${effect}.`);
      }
      return await next();
    } catch (error) {
      throw toRpcError(error, context.log, path.join("."));
    }
  });

/**
 * The contract, ready to be given handlers. Two rules hold for every route on every transport: the principal must
 * have the route's effect, and whatever is thrown leaves as a typed error, unknown ones as INTERNAL with the stack
 * in the log only.
 */
// Named, because the compiler writes no inferred type of this length into declarations.
export const os: ImplementerInternalWithMiddlewares<Contract, CallerContext & Record<never, never>, CallerContext> = guarded;

/** The form in which any thrown value crosses an oRPC transport; `fromRpcError` in shared/client is its inverse. */
export function toRpcError(error: unknown, log: Logger, route: string): ORPCError<string, unknown> {
  if (error instanceof ORPCError && !(error.cause instanceof ValidationError)) {
    if (isErrorCode(error.code)) return error;
  }
  // oRPC names a refused input BAD_REQUEST; a refused output is a fault of ours.
  const refusal = error instanceof ORPCError && error.code === "BAD_REQUEST" ? error.cause : undefined;
  const appError = refusal instanceof ValidationError ? invalidInput(refusal) : toAppError(error);
  if (appError.code === "INTERNAL") log.error("route.failed", { route, error });
  const { code, message, hint, data } = toWire(appError);
  return new ORPCError(code, { status: errorCodes[code].status, message, data: { hint, data } });
}

function invalidInput(error: ValidationError): AppError {
  const issues = error.issues.slice(0, 5).map((issue) => ({ path: issuePath(issue.path), message: issueWords({ ...issue }) }));
  const text = issues.map(({ path, message }) => `${path || "what was sent"} ${message}`).join("; ");
  return new AppError("INVALID_INPUT", `The call was refused: ${text}.`, { data: { issues } });
}

function issuePath(path: readonly (PropertyKey | { key: PropertyKey })[] | undefined): string {
  return (path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
}
