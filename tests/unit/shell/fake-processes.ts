import { EventEmitter } from "node:events";
import type { MessagePortMain } from "electron";
import type { ForkedProcess, ForkProgram } from "../../../src/main/shell/child-processes.ts";

/** A utility process without a process: what was posted to it is kept, and a test speaks for it. */
class FakeProcess extends EventEmitter implements ForkedProcess {
  readonly posted: { message: { kind?: string; id?: number } & Record<string, unknown>; ports: MessagePortMain[] }[] = [];
  readonly program: string;
  readonly options: Parameters<ForkProgram>[1];
  killed = false;
  /** None: a number could belong to a process of the machine that runs the test. */
  readonly pid = undefined;

  constructor(program: string, options: Parameters<ForkProgram>[1]) {
    super();
    this.program = program;
    this.options = options;
  }

  postMessage(message: FakeProcess["posted"][number]["message"], ports: MessagePortMain[] = []): void {
    this.posted.push({ message, ports });
  }

  kill(): boolean {
    this.killed = true;
    return true;
  }

  kinds(): (string | undefined)[] {
    return this.posted.map(({ message }) => message.kind);
  }
}

/** Forks fakes and keeps them in order. */
export function fakeFork() {
  const forked: FakeProcess[] = [];
  const fork: ForkProgram = (program, options) => {
    const made = new FakeProcess(program, options);
    forked.push(made);
    return made;
  };
  return { fork, forked };
}
