import { AppError } from "../errors.ts";
import type { Pipe } from "./pipe.ts";

type DomPort = {
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

type ElectronPort = {
  on(type: "message", listener: (event: { data: unknown }) => void): unknown;
  on(type: "close", listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

/** A message port of the browser, of Node or of Electron's main side (`MessagePortMain`). */
export type PortLike = DomPort | ElectronPort;

/** A pipe over one end of a message channel; starts the port. */
export function portPipe(port: PortLike): Pipe {
  const messageListeners: ((frame: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let open = true;

  const closed = (): void => {
    if (!open) return;
    open = false;
    for (const listener of closeListeners) listener();
  };
  const received = (event: { data: unknown }): void => {
    if (open) for (const listener of messageListeners) listener(event.data);
  };
  if ("addEventListener" in port) {
    port.addEventListener("message", received);
    port.addEventListener("close", closed);
  } else {
    port.on("message", received);
    port.on("close", closed);
  }
  port.start();

  return {
    async send(frame) {
      if (!open) throw new AppError("CLOSED", "The port to Croft is closed.");
      port.postMessage(frame);
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close() {
      port.close();
      closed();
    },
  };
}
