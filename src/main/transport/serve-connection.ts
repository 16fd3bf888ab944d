import type { Router } from "@orpc/server";
import { StandardRPCHandler } from "@orpc/server/standard";
import {
  type DecodedResponseMessage,
  encodeResponseMessage,
  experimental_ServerPeerWithoutCodec as ServerPeer,
  MessageType,
} from "@orpc/standard-server-peer";
import type { Pipe } from "../../shared/client/pipe.ts";
import { streamWindow } from "../../shared/client/stream-window.ts";
import { AppError, errorCodes, isAbort, toWire } from "../../shared/errors.ts";
import type { Contract } from "../../shared/contract/index.ts";
import type { CallerContext } from "../core/implementer.ts";
import { errorRules } from "./error-rules.ts";
import { type ClientFrame, decodeFrame } from "./frames.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createStreamCredit } from "./stream-credit.ts";

export type AppRouter = Router<Contract, CallerContext>;

export type ConnectionLimits = {
  /** UTF-16 units of one frame. */
  frameLength: number;
  callsInFlight: number;
  callsPerSecond: number;
};

const defaultLimits: ConnectionLimits = { frameLength: 8 * 2 ** 20, callsInFlight: 512, callsPerSecond: 1000 };

export type Connection = { close(): void; readonly callsInFlight: number };

/**
 * Answers the calls that come through a pipe. A frame that is none, is too long or breaks the protocol closes this
 * pipe and touches nothing else; when the pipe closes, every handler in flight is aborted. Calls over a limit are
 * answered with RATE_LIMITED.
 */
export function serveConnection(
  pipe: Pipe,
  options: { router: AppRouter; context: CallerContext; limits?: Partial<ConnectionLimits> | undefined },
): Connection {
  const limits = { ...defaultLimits, ...options.limits };
  const { log } = options.context;
  const handler = new StandardRPCHandler<CallerContext>(options.router, errorRules());
  const credit = createStreamCredit(streamWindow);
  const rate = createRateLimit({ perSecond: limits.callsPerSecond, burst: limits.callsPerSecond });
  const inFlight = new Set<string>();
  let open = true;

  const peer = new ServerPeer(async (message) => {
    const [id, type, payload] = message;
    if (type === MessageType.EVENT_ITERATOR && payload.event === "message" && !(await credit.take(id))) return;
    if (open) await send(message);
  });

  pipe.onMessage((raw) => {
    if (!open) return;
    try {
      receive(decodeFrame(raw, limits.frameLength));
    } catch (error) {
      log.warn("connection.refused", { reason: error instanceof Error ? error.message.slice(0, 500) : "unknown" });
      close();
    }
  });
  pipe.onClose(ended);

  function receive(frame: ClientFrame): void {
    switch (frame.type) {
      case "acknowledge":
        if (!credit.give(frame.id, frame.count)) throw new RangeError("more acknowledged than sent");
        return;
      case "abort":
        credit.end(frame.id);
        void peer.message([frame.id, MessageType.ABORT_SIGNAL, undefined]);
        return;
      case "call":
        if (inFlight.has(frame.id)) throw new RangeError("the id of a call in flight is used again");
        void call(frame.id, frame.path, frame.body);
    }
  }

  async function call(id: string, path: string, body: unknown): Promise<void> {
    try {
      if (inFlight.size >= limits.callsInFlight || !rate.allow()) {
        const error = new AppError("RATE_LIMITED", "Too many calls over one connection; this one was not made.", {
          hint: "Wait for answers.",
        });
        return await send([id, MessageType.RESPONSE, errorResponse(error)]);
      }
      inFlight.add(id);
      const request = { url: new URL(path, "http://orpc"), method: "POST", headers: {}, body };
      await peer.message([id, MessageType.REQUEST, request], async (standardRequest) => {
        const { response } = await handler.handle(
          { ...standardRequest, body: async () => standardRequest.body },
          { context: { ...options.context } },
        );
        return response ?? errorResponse(new AppError("NOT_FOUND", `There is no route ${path}.`));
      });
    } catch (error) {
      // A stream that failed has already told the client; a pipe that closed under an answer needs no telling.
      if (open && !isAbort(error)) log.debug("connection.call-failed", { path, error });
    } finally {
      inFlight.delete(id);
      credit.end(id);
    }
  }

  async function send([id, type, payload]: DecodedResponseMessage): Promise<void> {
    // The three kinds share one encoder, whose type asks for one kind at a time.
    const frame =
      type === MessageType.RESPONSE ? await encodeResponseMessage(id, type, payload) : await encodeResponseMessage(id, type, payload);
    if (typeof frame !== "string") throw new TypeError("bytes go over HTTP");
    await pipe.send(frame);
  }

  function ended(): void {
    if (!open) return;
    open = false;
    credit.endAll();
    peer.close({ reason: new AppError("ABORTED", "The connection was closed.") });
  }

  function close(): void {
    ended();
    pipe.close();
  }

  return {
    close,
    get callsInFlight() {
      return inFlight.size;
    },
  };
}

function errorResponse(error: AppError): { status: number; headers: Record<string, never>; body: unknown } {
  const { code, message, hint, data } = toWire(error);
  const { status } = errorCodes[code];
  return { status, headers: {}, body: { json: { defined: false, code, status, message, data: { hint, data } } } };
}
