import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { WebSocket } from "ws";
import type { Pipe } from "../../shared/client/pipe.ts";
import { AppError } from "../../shared/errors.ts";
import type { CallerContext } from "../core/implementer.ts";
import type { AppRouter, ConnectionLimits } from "./serve-connection.ts";
import { wsPipe } from "./websocket-pipe.ts";
import { serveWebSockets, type WebSocketService } from "./websocket-server.ts";

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, with the closing NUL. */
const longestSocketPath = 100;

/** Where the Croft that has this profile open listens for other processes of the same user. */
export function socketAddress(profile: string): string {
  const folder = resolve(profile);
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 20);
  if (process.platform === "win32") return `\\\\.\\pipe\\croft-${hash}`;
  const inProfile = join(folder, "croft.sock");
  if (Buffer.byteLength(inProfile) <= longestSocketPath) return inProfile;
  return join(tmpdir(), `croft-${process.getuid?.() ?? 0}`, `${hash}.sock`);
}

export type LocalSocket = WebSocketService & { readonly address: string; close(): Promise<void> };

/**
 * Serves the contract on the profile's local socket, which only this user may open. To be called by the process that
 * holds the profile's lock: what lies at the address is left over from a process that ended, and is replaced.
 */
export async function serveLocalSocket(options: {
  profile: string;
  router: AppRouter;
  context: CallerContext;
  limits?: Partial<ConnectionLimits> | undefined;
}): Promise<LocalSocket> {
  const address = socketAddress(options.profile);
  const server = createServer((_request, response) => void response.writeHead(426).end());
  const service = serveWebSockets(server, { ...options, admit: () => undefined });

  if (process.platform !== "win32") await prepareFolder(address);
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(address, done);
  });
  if (process.platform !== "win32") await chmod(address, 0o600);

  return {
    address,
    onChange: service.onChange,
    get connections() {
      return service.connections;
    },
    async close() {
      service.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      if (process.platform !== "win32") await rm(address, { force: true });
    },
  };
}

async function prepareFolder(address: string): Promise<void> {
  const folder = dirname(address);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owner = (await stat(folder)).uid;
  if (owner !== process.getuid?.()) {
    throw new AppError("STORAGE_READONLY", `The folder ${folder} belongs to somebody else; no local socket was opened.`);
  }
  await rm(address, { force: true });
}

/** Whether what lies at the address was made by this user: in a folder for all, another could wait there for questions. */
async function isOurs(address: string): Promise<boolean> {
  if (process.platform === "win32") return true;
  const found = await lstat(address).catch(() => undefined);
  return found?.uid === process.getuid?.();
}

/** A pipe to the Croft that has the profile open, or undefined when none of this user answers within `timeoutMs`. */
export async function connectLocalSocket(profile: string, timeoutMs = 2000): Promise<Pipe | undefined> {
  const address = socketAddress(profile);
  if (!(await isOurs(address))) return undefined;
  const socket = new WebSocket("ws://localhost/rpc", {
    perMessageDeflate: false,
    handshakeTimeout: timeoutMs,
    maxPayload: 256 * 2 ** 20,
    createConnection: () => connect(address),
  });
  return new Promise((done) => {
    socket.once("open", () => done(wsPipe(socket)));
    socket.once("error", () => done(undefined));
  });
}
