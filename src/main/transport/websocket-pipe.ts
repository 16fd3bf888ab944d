import type { WebSocket } from "ws";
import { AppError } from "../../shared/errors.ts";
import type { Pipe } from "../../shared/client/pipe.ts";

/** Bytes that may wait for a reader that does not read; streams stop long before. */
const mostBufferedBytes = 64 * 2 ** 20;

/** A pipe over a WebSocket of the `ws` package, on either side. `send` resolves when the frame was handed to the kernel. */
export function wsPipe(socket: WebSocket): Pipe {
  // Broken encoding, oversized messages, resets: the socket closes itself afterwards.
  socket.on("error", () => socket.terminate());
  return {
    send(frame) {
      if (socket.bufferedAmount > mostBufferedBytes) socket.terminate();
      return new Promise((resolve, reject) => {
        socket.send(frame, (error) => {
          if (error) reject(new AppError("CLOSED", "The connection is closed.", { cause: error }));
          else resolve();
        });
      });
    },
    onMessage: (listener) => void socket.on("message", (data, isBinary) => listener(isBinary ? data : data.toString())),
    onClose: (listener) => void socket.once("close", listener),
    close() {
      socket.close(1000);
      // A peer that does not answer the closing handshake is cut off.
      setTimeout(() => socket.terminate(), 1000).unref();
    },
  };
}
