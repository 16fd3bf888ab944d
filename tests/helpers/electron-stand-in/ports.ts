import { EventEmitter } from "node:events";
import { MessageChannel, type MessagePort } from "node:worker_threads";

/** `MessagePortMain`: a port of Node with Electron's shape of events. Queues until it is started, as both do. */
export class StandInPort extends EventEmitter {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.once("close", () => this.emit("close"));
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }

  start(): void {
    this.#port.on("message", (data: unknown) => this.emit("message", { data, ports: [] }));
  }

  close(): void {
    this.#port.close();
  }
}

export class StandInChannel {
  readonly port1: StandInPort;
  readonly port2: StandInPort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new StandInPort(port1);
    this.port2 = new StandInPort(port2);
  }
}

/** What is said about a port whose other holder is a process or a page. */
export type PortFrame = { kind: "port"; port: number; data: unknown } | { kind: "portClosed"; port: number };

/** The ports that were carried over one line to somewhere else, by number. */
export function carryPorts(send: (frame: PortFrame) => void) {
  const carried = new Map<number, StandInPort>();
  let last = 0;

  function hold(id: number, port: StandInPort): void {
    carried.set(id, port);
    port.on("message", ({ data }: { data: unknown }) => send({ kind: "port", port: id, data }));
    port.once("close", () => carried.delete(id) && send({ kind: "portClosed", port: id }));
    port.start();
  }

  return {
    /** Gives a port to the other side; the number is how it is named there. */
    give(port: StandInPort): number {
      const id = ++last;
      hold(id, port);
      return id;
    },
    /** The port that the other side gave under this number. */
    take(id: number): StandInPort {
      const { port1, port2 } = new StandInChannel();
      hold(id, port1);
      return port2;
    },
    receive(frame: PortFrame): void {
      const port = carried.get(frame.port);
      if (!port) return;
      if (frame.kind === "port") port.postMessage(frame.data);
      else {
        carried.delete(frame.port);
        port.close();
      }
    },
    closeAll(): void {
      const all = [...carried.values()];
      carried.clear();
      for (const port of all) port.close();
    },
  };
}
