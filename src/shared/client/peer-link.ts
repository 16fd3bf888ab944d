import { StandardRPCLink } from "@orpc/client/standard";
import {
  decodeResponseMessage,
  encodeRequestMessage,
  experimental_ClientPeerWithoutCodec as ClientPeer,
  MessageType,
  type DecodedRequestMessage,
} from "@orpc/standard-server-peer";
import { AppError } from "../errors.ts";
import { isStream, type Link } from "./create-client.ts";
import type { Pipe } from "./pipe.ts";
import { acknowledgeEvery, acknowledgeType } from "./stream-window.ts";

/**
 * A link over a pipe. When the pipe closes, every call and stream in flight rejects with CLOSED, and so does every
 * later call: making a new pipe is the caller's decision.
 */
export function createPeerLink(pipe: Pipe): Link {
  const ids = new WeakMap<object, string>();
  let closed: AppError | undefined;

  const peer = new ClientPeer(async (message) => {
    if (closed) throw closed;
    if (message[1] === MessageType.REQUEST) ids.set(message[2], message[0]);
    await pipe.send(await encode(message));
  });

  pipe.onMessage((frame) => {
    void receive(frame).catch(() => pipe.close());
  });
  pipe.onClose(() => {
    closed ??= new AppError("CLOSED", "The connection to Croft was closed; what was already saved is kept.", { hint: "Connect again." });
    peer.close({ reason: closed });
  });

  async function receive(frame: unknown): Promise<void> {
    if (typeof frame !== "string") throw new TypeError("a frame is text");
    await peer.message(await decodeResponseMessage(frame));
  }

  return new StandardRPCLink(
    {
      async call(request) {
        const response = await peer.request(request);
        const id = ids.get(request);
        const body =
          isStream(response.body) && id !== undefined ? acknowledging(response.body, (count) => acknowledge(id, count)) : response.body;
        return { ...response, body: () => Promise.resolve(body) };
      },
    },
    { url: "http://orpc" },
  );

  function acknowledge(id: string, count: number): void {
    // A pipe that closes under an acknowledgement ends the stream by itself.
    pipe.send(JSON.stringify({ i: id, t: acknowledgeType, p: count })).catch(() => undefined);
  }
}

async function encode(message: DecodedRequestMessage): Promise<string> {
  const [id, type, payload] = message;
  const frame = await encodeRequestMessage(id, type, payload);
  if (typeof frame !== "string") throw new AppError("INVALID_INPUT", "Bytes cannot be sent over a connection; name a file instead.");
  return frame;
}

/** The same stream, reporting how many items its consumer has taken. */
function acknowledging(
  stream: AsyncIterator<unknown, unknown, void>,
  acknowledge: (count: number) => void,
): AsyncIterableIterator<unknown> {
  let taken = 0;
  return {
    async next() {
      const result = await stream.next();
      if (!result.done && ++taken === acknowledgeEvery) {
        acknowledge(taken);
        taken = 0;
      }
      return result;
    },
    async return(value) {
      await stream.return?.();
      return { done: true, value };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
