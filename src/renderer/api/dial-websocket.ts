import { AppError } from "../../shared/errors.ts";
import { webSocketPipe } from "../../shared/client/websocket-pipe.ts";
import type { Dial } from "./wire.ts";
import { createWire } from "./wire.ts";

/** Dials core over a WebSocket at `url`. */
export function dialWebSocket(url: string): Dial {
  return async (signal) => {
    const socket = new WebSocket(url);
    const wire = createWire(webSocketPipe(socket));
    const opened = Promise.withResolvers<void>();
    socket.addEventListener("open", () => opened.resolve(), { once: true });
    void wire.closed.then(() => opened.reject(new AppError("CLOSED", "Croft does not answer at this address.")));
    signal.addEventListener("abort", () => socket.close(), { once: true });
    await opened.promise.catch(async (error: unknown) => {
      // A refused upgrade tells a page nothing; the same address asked for a file tells whether this page was let in.
      const answer = await fetch(new URL("files/", url.replace(/^ws/, "http")), { method: "HEAD", signal }).catch(() => undefined);
      throw answer?.status === 401 ? new AppError("UNAUTHORIZED", "This page was not let in.") : error;
    });
    return wire;
  };
}
