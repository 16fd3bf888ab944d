import { fork, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { carryPorts, type PortFrame, type StandInPort } from "./ports.ts";

const shim = new URL("./child.ts", import.meta.url).href;

type FromChild = { kind: "message"; data: unknown } | PortFrame;
type Options = { serviceName?: string; execArgv?: string[]; env?: NodeJS.ProcessEnv };

/** Every one that runs, so that a test can find and kill it. */
export const running = new Set<StandInUtilityProcess>();

export class StandInUtilityProcess extends EventEmitter {
  readonly name: string;
  pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #ports: ReturnType<typeof carryPorts>;

  private constructor(program: string, args: string[], options: Options) {
    super();
    this.name = options.serviceName ?? "Node Utility Process";
    this.#child = fork(program, args, {
      // Not the hooks of this process: what `electron` is in there is another thing.
      execArgv: [...(options.execArgv ?? []), "--import", shim, "--unhandled-rejections=warn"],
      serialization: "advanced",
      stdio: "inherit",
      ...(options.env ? { env: options.env } : {}),
    });
    this.#ports = carryPorts((frame) => this.#send(frame));
    this.#child.once("spawn", () => {
      this.pid = this.#child.pid;
      this.emit("spawn");
    });
    this.#child.on("message", (frame: FromChild) => {
      if (frame.kind === "message") this.emit("message", frame.data);
      else this.#ports.receive(frame);
    });
    running.add(this);
    // Only when the line is down too has everything arrived that was sent before the end.
    const ended = Promise.all([
      new Promise<number>((resolve) => this.#child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 9 : 15)))),
      new Promise<void>((resolve) => this.#child.once("disconnect", resolve)),
    ]);
    void ended.then(([code]) => {
      running.delete(this);
      this.pid = undefined;
      this.#ports.closeAll();
      this.emit("exit", code);
    });
  }

  static fork(this: void, program: string, args: string[] = [], options: Options = {}): StandInUtilityProcess {
    return new StandInUtilityProcess(program, args, options);
  }

  postMessage(data: unknown, transfer: StandInPort[] = []): void {
    this.#send({ kind: "message", data, ports: transfer.map((port) => this.#ports.give(port)) });
  }

  kill(): boolean {
    return this.#child.kill("SIGTERM");
  }

  /** Ends it at once; resolves when it has ended. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      this.once("exit", () => resolve());
      this.#child.kill("SIGKILL");
    });
  }

  #send(frame: unknown): void {
    if (this.#child.connected) this.#child.send(frame as object, () => {});
  }
}
