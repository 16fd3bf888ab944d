import { EventEmitter } from "node:events";
import { carryPorts, type PortFrame } from "./ports.ts";

/** Loaded first in every stand-in utility process: gives it `process.parentPort`, and takes away what is Node's own. */
export type ToChild = { kind: "message"; data: unknown; ports: number[] } | PortFrame;

const send = process.send?.bind(process);
if (!send) throw new Error("A stand-in utility process is started by fork.");

const ports = carryPorts((frame) => void send(frame, undefined, undefined, () => {}));
const queued: { data: unknown; ports: unknown[] }[] = [];

class ParentPort extends EventEmitter {
  postMessage(data: unknown): void {
    send?.({ kind: "message", data, ports: [] }, undefined, undefined, () => {});
  }

  override on(event: string, listener: (message: { data: unknown; ports: unknown[] }) => void): this {
    super.on(event, listener);
    // Messages wait for the first listener.
    if (event === "message") for (const message of queued.splice(0)) this.emit("message", message);
    return this;
  }
}

const parentPort = new ParentPort();

process.on("message", (frame: ToChild) => {
  if (frame.kind !== "message") return ports.receive(frame);
  const message = { data: frame.data, ports: frame.ports.map((id) => ports.take(id)) };
  if (parentPort.listenerCount("message") === 0) queued.push(message);
  else parentPort.emit("message", message);
});
// A utility process does not outlive the app.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// An app process that is warned of an unhandled rejection goes on; so must this one, unless it handles it itself.
Object.assign(process, { parentPort, send: undefined });
