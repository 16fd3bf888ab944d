import { AppError } from "../../shared/errors.ts";
import type { Pipe } from "../../shared/client/pipe.ts";
import { portPipe } from "../../shared/client/port-pipe.ts";
import type { Dial } from "./wire.ts";
import { createWire } from "./wire.ts";

/**
 * Dials core over the message ports that the preload hands to this window. A core that was restarted comes with a new
 * port; the connection over the old one is closed then, so that calls in flight fail instead of waiting for ever.
 */
export function dialPort(window: EventTarget): Dial {
  let latest: MessagePort | undefined;
  let arrived = Promise.withResolvers<void>();
  let pipe: Pipe | undefined;

  window.addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent)) return;
    const port = event.ports[0];
    if (!port || event.source !== window || !isHandOver(event.data)) return;
    // A port that nobody took yet leads to a core that is gone by now; only the newest counts.
    latest = port;
    arrived.resolve();
    pipe?.close();
  });

  return async () => {
    await arrived.promise;
    arrived = Promise.withResolvers();
    // Set whenever `arrived` resolves.
    if (!latest) throw new AppError("CLOSED", "Croft's core handed over no port.");
    pipe = portPipe(latest);
    return createWire(pipe);
  };
}

const isHandOver = (data: unknown): boolean => typeof data === "object" && data !== null && "type" in data && data.type === "port";
