import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { CallerContext } from "../core/implementer.ts";
import { type AppRouter, type Connection, type ConnectionLimits, serveConnection } from "./serve-connection.ts";
import { wsPipe } from "./websocket-pipe.ts";

export type WebSocketService = {
  readonly connections: number;
  /** Called after a connection opened or ended. */
  onChange(listener: () => void): void;
  /** Ends all connections and aborts what they called. */
  close(): void;
};

/**
 * Upgrades requests for `/rpc` and serves the contract over them. `admit` decides about each request before anything
 * of it is answered: the status and reason of its refusal, or undefined.
 */
export function serveWebSockets(
  server: Server,
  options: {
    router: AppRouter;
    context: CallerContext;
    admit: (request: IncomingMessage) => { status: number; reason: string } | undefined;
    limits?: Partial<ConnectionLimits> | undefined;
  },
): WebSocketService {
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: 16 * 2 ** 20, perMessageDeflate: false });
  const connections = new Set<Connection>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach((listener) => listener());

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const refusal = request.url === "/rpc" ? options.admit(request) : { status: 404, reason: "Not Found" };
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal.status} ${refusal.reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      const pipe = wsPipe(webSocket);
      const connection = serveConnection(pipe, { router: options.router, context: options.context, limits: options.limits });
      connections.add(connection);
      pipe.onClose(() => {
        connections.delete(connection);
        changed();
      });
      changed();
    });
  });

  return {
    get connections() {
      return connections.size;
    },
    onChange: (listener) => void listeners.push(listener),
    close() {
      for (const connection of connections) connection.close();
      upgrades.close();
    },
  };
}
