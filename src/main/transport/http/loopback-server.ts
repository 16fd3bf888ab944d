import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { AppError } from "../../../shared/errors.ts";
import type { CallerContext } from "../../core/implementer.ts";
import type { AppRouter, ConnectionLimits } from "../serve-connection.ts";
import { serveWebSockets, type WebSocketService } from "../websocket-server.ts";
import { createAccess } from "./access.ts";
import { createHttpApp, type ServeBytes } from "./app.ts";
import { createRestApi } from "./rest-api.ts";
import { createStaticFiles } from "./static-files.ts";

export type LoopbackServer = {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  readonly port: number;
  /** For programs: sent as `Authorization: Bearer …`. */
  readonly token: string;
  readonly webSockets: WebSocketService;
  /** An address that opens the interface in one browser, once. */
  createLink(): string;
  /** Takes no new request, lets those in flight end for `graceMs`, then cuts them off. */
  close(graceMs?: number): Promise<void>;
};

export type LoopbackOptions = {
  router: AppRouter;
  context: CallerContext;
  /** 0 lets the system choose. */
  port: number;
  token?: string | undefined;
  /** What the cookies of browsers carry; a new one each time where it is left out. */
  session?: string | undefined;
  /** The built interface. */
  rendererFolder: string;
  serveBytes?: ServeBytes | undefined;
  version: string;
  /** Of each WebSocket. */
  limits?: Partial<ConnectionLimits> | undefined;
};

/**
 * The headless server: interface, REST, bytes and WebSocket on 127.0.0.1 only.
 * @throws CONFLICT when the port is taken
 */
export async function startLoopbackServer(options: LoopbackOptions): Promise<LoopbackServer> {
  const files = await createStaticFiles(options.rendererFolder);
  // Times within which a client must have sent its headers and its whole request: a slow one holds no connection for long.
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: 5000,
  });
  server.maxConnections = 256;
  server.maxHeadersCount = 100;

  await new Promise<void>((done, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE" || error.code === "EACCES";
      failed(
        taken
          ? new AppError("CONFLICT", `Port ${options.port} cannot be used.`, { hint: "Choose another with --port.", cause: error })
          : error,
      );
    });
    server.listen(options.port, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;

  const access = createAccess({ port, token: options.token, session: options.session });
  const webSockets = serveWebSockets(server, {
    router: options.router,
    context: options.context,
    limits: options.limits,
    admit: ({ headers }) => access.checkSource(headers) ?? access.checkCaller(headers),
  });
  const app = createHttpApp({
    access,
    api: createRestApi(options.router),
    context: options.context,
    files,
    serveBytes: options.serveBytes,
    version: options.version,
  });
  const listener = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false });
  server.on("request", (incoming, outgoing) => void listener(incoming, outgoing));

  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    port,
    token: access.token,
    webSockets,
    createLink: () => `${address}/#token=${access.createLinkToken()}`,
    async close(graceMs = 2000) {
      webSockets.close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cutOff);
    },
  };
}
