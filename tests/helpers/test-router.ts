import type { AppRouter } from "../../src/main/transport/serve-connection.ts";
import { type CallerContext, os } from "../../src/main/core/implementer.ts";
import { createLogger, type LogRecord } from "../../src/main/core/logger.ts";
import { owner } from "../../src/main/core/principal.ts";
import { routes, type RouteInfo } from "./contract-routes.ts";
import { sampleOf } from "./sample.ts";

export type TestCall = { input: unknown; signal: AbortSignal | undefined; context: CallerContext };
export type TestHandler = (call: TestCall) => unknown;

/**
 * A router over the whole contract that answers each route with a sample of its output, or with the handler given
 * for its name (`chat.ask`). It lets transports be tested with slow, failing and endless handlers.
 */
export function createTestRouter(handlers: Record<string, TestHandler> = {}): AppRouter {
  const router: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const [feature, name] = route.path;
    const implementer: unknown = Reflect.get(Reflect.get(os, feature), name);
    const handler = handlers[route.name] ?? sampleHandler(route);
    (router[feature] ??= {})[name] = (implementer as { handler(handler: TestHandler): unknown }).handler(handler);
  }
  return os.router(router as Parameters<typeof os.router>[0]);
}

function sampleHandler(route: RouteInfo): TestHandler {
  if (!route.stream) return async () => sampleOf(route.output);
  return async function* () {
    yield sampleOf(route.output);
    yield sampleOf(route.output);
  };
}

/** The context of a caller with every right, and what was logged for it. */
export function createTestContext(): { context: CallerContext; records: LogRecord[] } {
  const records: LogRecord[] = [];
  const log = createLogger((record) => void records.push(record), Date.now, "test");
  return { context: { principal: owner("embedder"), log }, records };
}
