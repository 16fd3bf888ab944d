import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { AppError, errorCodes, toWire, type WireError } from "../../../shared/errors.ts";
import type { CallerContext } from "../../core/implementer.ts";
import { createRateLimit, type RateLimit } from "../rate-limit.ts";
import type { Access, Refusal } from "./access.ts";
import { limitBody } from "./limit-body.ts";
import type { RestApi } from "./rest-api.ts";
import { bytesHeaders, securityHeaders } from "./security-headers.ts";
import type { StaticFiles } from "./static-files.ts";

/** Bytes that no route returns as JSON: originals and page images. Answers `GET /files/…`; throws `AppError`. */
export type ServeBytes = (request: Request, context: CallerContext) => Promise<Response>;

export type HttpAppOptions = {
  access: Access;
  api: RestApi;
  context: CallerContext;
  files: StaticFiles;
  serveBytes?: ServeBytes | undefined;
  version: string;
  requestsPerSecond?: number;
};

const SessionRequest = z.object({ token: z.string().min(1).max(200) });

/** The loopback server's routes. Everything but the interface's own files needs the cookie or the bearer token. */
export function createHttpApp(options: HttpAppOptions): Hono<{ Bindings: HttpBindings }> {
  const { access, api, context } = options;
  const app = new Hono<{ Bindings: HttpBindings }>();
  const limits = new WeakMap<object, RateLimit>();
  const perSecond = options.requestsPerSecond ?? 200;

  app.use(async (c, next) => {
    await next();
    const headers = c.req.path.startsWith("/files/") ? bytesHeaders : securityHeaders;
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  });
  app.use(async (c, next) => {
    const refusal = access.checkSource(c.env.incoming.headers);
    if (refusal) return refused(refusal);
    const { socket } = c.env.incoming;
    let limit = limits.get(socket);
    if (!limit) limits.set(socket, (limit = createRateLimit({ perSecond, burst: 2 * perSecond })));
    if (!limit.allow()) return refused({ status: 429, reason: "Too Many Requests" });
    return await next();
  });
  app.use(limitBody(8 * 2 ** 20, () => failure(new AppError("INVALID_INPUT", "The request is larger than 8 MB."), 413)));
  app.on(["POST", "PUT", "PATCH", "DELETE"], "*", async (c, next) => {
    const type = c.req.header("content-type");
    if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type)) {
      return failure(new AppError("INVALID_INPUT", "The body of a request is JSON, with the type application/json."), 415);
    }
    return await next();
  });

  app.post("/session", async (c) => {
    const parsed = SessionRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return failure(new AppError("INVALID_INPUT", 'A session is opened with {"token"}.'));
    const exchanged = access.exchange(parsed.data.token);
    if ("status" in exchanged) return refused(exchanged);
    return new Response(null, { status: 204, headers: { "set-cookie": exchanged.cookie, "cache-control": "no-store" } });
  });

  for (const path of ["/api/*", "/files/*"]) {
    app.use(path, async (c, next) => {
      const refusal = access.checkCaller(c.env.incoming.headers);
      if (refusal) return refused(refusal);
      await next();
      c.res.headers.set("cache-control", "no-store");
      return undefined;
    });
  }
  app.get("/api/openapi.json", async (c) => c.json(await api.describe(options.version)));
  app.all("/api/*", async (c) => (await api.handle(c.req.raw, context)) ?? failure(noRoute(c.req.method, c.req.path)));
  app.get("/files/*", async (c) =>
    options.serveBytes ? await options.serveBytes(c.req.raw, context) : failure(noRoute("GET", c.req.path)),
  );

  app.get("*", async (c) => (await options.files(c.req.path)) ?? failure(noRoute("GET", c.req.path)));
  app.notFound((c) => failure(noRoute(c.req.method, c.req.path)));
  app.onError((error, c) => {
    if (!(error instanceof AppError)) context.log.error("http.failed", { path: c.req.path, error });
    return failure(error);
  });
  return app;
}

const noRoute = (method: string, path: string): AppError => new AppError("NOT_FOUND", `There is no ${method} ${path.slice(0, 200)}.`);

const refusalErrors: Record<Refusal["status"], AppError> = {
  401: new AppError("UNAUTHORIZED", "This server answers only who has its token.", {
    hint: "Open the link that `croft serve` printed, or send the bearer token.",
  }),
  403: new AppError("FORBIDDEN", "This server answers only pages of its own and programs on this machine."),
  429: new AppError("RATE_LIMITED", "Too many requests; this one was not made.", { hint: "Wait a few seconds." }),
};

const refused = ({ status }: Refusal): Response => failure(refusalErrors[status], status);

function failure(error: unknown, status?: ContentfulStatusCode): Response {
  const wire: WireError = toWire(error);
  return Response.json({ error: wire }, { status: status ?? errorCodes[wire.code].status });
}
