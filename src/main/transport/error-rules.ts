import { mapEventIterator } from "@orpc/client";
import { ORPCError } from "@orpc/server";
import type { StandardHandlerOptions } from "@orpc/server/standard";
import { isStream } from "../../shared/client/create-client.ts";
import { AppError, isErrorCode } from "../../shared/errors.ts";
import { type CallerContext, toRpcError } from "../core/implementer.ts";

type Rules = Required<Pick<StandardHandlerOptions<CallerContext>, "interceptors" | "clientInterceptors">>;

/**
 * What the middleware of the implementer cannot see: errors before a route is reached (a body that cannot be decoded)
 * and errors after its handler returned (inside a stream). With these rules every failure leaves typed.
 */
export function errorRules(): Rules {
  const reached = new WeakSet<object>();
  return {
    interceptors: [
      async ({ next, context, request }) => {
        try {
          return await next();
        } catch (error) {
          if (error instanceof ORPCError && isErrorCode(error.code)) throw error;
          const undecodable = !reached.has(context);
          throw toRpcError(
            undecodable ? new AppError("INVALID_INPUT", "The call was refused: its body cannot be decoded.", { cause: error }) : error,
            context.log,
            request.url.pathname,
          );
        }
      },
    ],
    clientInterceptors: [
      async ({ next, context, path }) => {
        reached.add(context);
        return typedStream(await next(), context, path);
      },
    ],
  };
}

/** The output itself, or the same stream with errors in their wire form. */
export function typedStream(output: unknown, context: CallerContext, path: readonly string[]): unknown {
  if (!isStream(output)) return output;
  return mapEventIterator(output, {
    value: async (value) => value,
    error: async (error) => toRpcError(error, context.log, path.join(".")),
  });
}
