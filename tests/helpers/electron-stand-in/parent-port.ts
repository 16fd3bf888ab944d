import { EventEmitter } from "node:events";
import { carryPorts, type PortFrame } from "./ports.ts";

type ToChild = { kind: "message"; data: unknown; ports: number[] } | PortFrame;

type Message = { data: unknown; ports: unknown[] };

/** `process.parentPort` of a utility process: messages wait for the first listener. */
class ParentPort extends EventEmitter {
  readonly #send: (frame: object) => void;
  readonly #waiting: Message[] = [];

  constructor(send: (frame: object) => void) {
    super();
    this.#send = send;
  }

  postMessage(data: unknown): void {
    this.#send({ kind: "message", data });
  }

  received(message: Message): void {
    if (this.listenerCount("message") === 0) this.#waiting.push(message);
    else this.emit("message", message);
  }

  override on(event: string, listener: (message: Message) => void): this {
    super.on(event, listener);
    if (event === "message") for (const message of this.#waiting.splice(0)) this.emit("message", message);
    return this;
  }
}

/** Gives this forked process what a utility process has, and takes away what only Node's own children have. */
export function giveParentPort(): void {
  const toParent = process.send?.bind(process);
  if (!toParent) throw new Error("A stand-in utility process is started by fork.");
  const send = (frame: object) => void toParent(frame, undefined, undefined, () => {});
  const ports = carryPorts(send);
  const parentPort = new ParentPort(send);

  process.on("message", (frame: ToChild) => {
    if (frame.kind !== "message") return ports.receive(frame);
    parentPort.received({ data: frame.data, ports: frame.ports.map((id) => ports.take(id)) });
  });
  // A utility process does not outlive the app.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  Object.assign(process, { parentPort, send: undefined });
}
