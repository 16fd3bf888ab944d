import { AppError } from "../errors.ts";
import type { Pipe } from "./pipe.ts";

/** What is used of a browser's `WebSocket`. */
export type WebSocketLike = {
  readonly readyState: number;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "open" | "close" | "error", listener: () => void): void;
  send(frame: string): void;
  close(): void;
};

const connecting = 0;
const isOpen = 1;

/** A pipe over a browser's WebSocket; frames sent while it connects wait for it. Reconnecting is the caller's. */
export function webSocketPipe(socket: WebSocketLike): Pipe {
  const opened = socket.readyState === connecting ? settled(socket) : Promise.resolve();
  let order = opened;
  return {
    send(frame) {
      const sent = order.then(() => {
        if (socket.readyState !== isOpen) throw new AppError("CLOSED", "The connection to Croft is closed.", { hint: "Connect again." });
        socket.send(frame);
      });
      order = sent.catch(() => undefined);
      return sent;
    },
    onMessage: (listener) => socket.addEventListener("message", (event) => listener(event.data)),
    onClose: (listener) => socket.addEventListener("close", listener),
    close: () => socket.close(),
  };
}

function settled(socket: WebSocketLike): Promise<void> {
  return new Promise((resolve) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("close", resolve);
  });
}
