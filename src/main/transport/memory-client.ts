import { createRouterClient } from "@orpc/server";
import { createClient, type CroftClient } from "../../shared/client/create-client.ts";
import { AppError } from "../../shared/errors.ts";
import type { CallerContext } from "../core/implementer.ts";
import { typedStream } from "./error-rules.ts";
import type { AppRouter } from "./serve-connection.ts";

/** A client in the same process: no frames, the same errors as over any other transport. */
export function createMemoryClient(router: AppRouter, context: CallerContext): CroftClient {
  const root: unknown = createRouterClient(router, {
    context,
    interceptors: [async ({ next, path }) => typedStream(await next(), context, path)],
  });
  return createClient({
    async call(path, input, options) {
      let node = root;
      for (const name of path) node = typeof node === "object" || typeof node === "function" ? Reflect.get(node ?? {}, name) : undefined;
      if (typeof node !== "function") throw new AppError("NOT_FOUND", `There is no route ${path.join(".")}.`);
      return await node(input, { signal: options.signal, lastEventId: options.lastEventId });
    },
  });
}
