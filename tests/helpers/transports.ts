import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { WebSocket } from "ws";
import type { CallerContext } from "../../src/main/core/implementer.ts";
import { type LoopbackServer, startLoopbackServer } from "../../src/main/transport/http/loopback-server.ts";
import { connectLocalSocket, serveLocalSocket } from "../../src/main/transport/local-socket.ts";
import { createMemoryClient } from "../../src/main/transport/memory-client.ts";
import { type AppRouter, type ConnectionLimits, serveConnection } from "../../src/main/transport/serve-connection.ts";
import { wsPipe } from "../../src/main/transport/websocket-pipe.ts";
import { createClient, type CroftClient } from "../../src/shared/client/create-client.ts";
import { createHttpLink } from "../../src/shared/client/http-link.ts";
import { createPeerLink } from "../../src/shared/client/peer-link.ts";
import type { Pipe } from "../../src/shared/client/pipe.ts";
import { portPipe } from "../../src/shared/client/port-pipe.ts";

export type TestTransport = { client: CroftClient; close(): Promise<void> };
export type TestPipe = { pipe: Pipe; closed: Promise<void>; close(): Promise<void> };

type Served = { router: AppRouter; context: CallerContext; limits?: Partial<ConnectionLimits> };

/** Raw pipes to a served router, over each transport that has frames. */
export const pipes: Record<"port" | "websocket" | "socket", (served: Served) => Promise<TestPipe>> = {
  async port(served) {
    const { port1, port2 } = new MessageChannel();
    serveConnection(portPipe(port1), served);
    const pipe = portPipe(port2);
    return { pipe, closed: closing(pipe), close: async () => pipe.close() };
  },
  async websocket(served) {
    const server = await startTestServer(served);
    const socket = new WebSocket(`${server.address.replace("http", "ws")}/rpc`, { headers: { authorization: `Bearer ${server.token}` } });
    await new Promise((done, failed) => socket.once("open", done).once("error", failed));
    const pipe = wsPipe(socket);
    return { pipe, closed: closing(pipe), close: () => server.close(0) };
  },
  async socket(served) {
    const profile = await mkdtemp(join(tmpdir(), "croft-socket-"));
    const server = await serveLocalSocket({ profile, ...served });
    const pipe = await connectLocalSocket(profile);
    if (!pipe) throw new Error("the socket does not answer");
    return {
      pipe,
      closed: closing(pipe),
      async close() {
        await server.close();
        await rm(profile, { recursive: true, force: true });
      },
    };
  },
};

const overPipe =
  (open: (served: Served) => Promise<TestPipe>) =>
  async (served: Served): Promise<TestTransport> => {
    const { pipe, close } = await open(served);
    return { client: createClient(createPeerLink(pipe)), close };
  };

/** A client over each of the five transports. */
export const transports: Record<"memory" | "port" | "websocket" | "socket" | "http", (served: Served) => Promise<TestTransport>> = {
  memory: async ({ router, context }) => ({ client: createMemoryClient(router, context), close: async () => {} }),
  port: overPipe(pipes.port),
  websocket: overPipe(pipes.websocket),
  socket: overPipe(pipes.socket),
  async http(served) {
    const server = await startTestServer(served);
    return { client: createClient(createHttpLink(server.address, server.token)), close: () => server.close(0) };
  },
};

export const startTestServer = (served: Served & { rendererFolder?: string }): Promise<LoopbackServer> =>
  startLoopbackServer({ rendererFolder: "/nonexistent", ...served, port: 0, version: "0.0.0" });

const closing = (pipe: Pipe): Promise<void> => new Promise((done) => pipe.onClose(done));

/** Calls a route by its name with any input, as a client that was not compiled with the contract would. */
export async function callByName(client: CroftClient, path: [string, string], input: unknown): Promise<unknown> {
  const route: unknown = Reflect.get(Reflect.get(client, path[0]), path[1]);
  if (typeof route !== "function") throw new TypeError(`no route ${path.join(".")}`);
  const output: unknown = await route(input);
  if (typeof output !== "object" || output === null || !(Symbol.asyncIterator in output)) return output;
  const items: unknown[] = [];
  for await (const item of output as AsyncIterable<unknown>) items.push(item);
  return items;
}
