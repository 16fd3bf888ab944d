import { setTimeout as delay } from "node:timers/promises";
import type { CreateEngine } from "../../src/main/engines/engine.ts";
import { withTransfer } from "../../src/main/engines/transfer.ts";
import { AppError } from "../../src/shared/errors.ts";

/** An engine without native code whose calls misbehave on request: what the kernel's tests run against. */
export type KernelConfig = {
  failStart?: boolean;
  /** Each keeps what it is named after waiting while it is 0. */
  disposeGate?: Int32Array;
  startGate?: Int32Array;
  deafGate?: Int32Array;
};

async function pass(gate: Int32Array): Promise<void> {
  while (Atomics.load(gate, 0) === 0) await delay(5);
}

export type KernelProtocol = {
  echo: { input: unknown; output: unknown };
  /** Emits 0…count-1, one checkpoint between. */
  count: { input: number; item: number; output: string };
  /** Runs until aborted, then takes a while to let go. */
  endless: { input: string; item: string; output: null };
  /** Names of steps in the order in which they happened. */
  trace: { input: null; output: string[] };
  steps: { input: { name: string; count: number }; item: number; output: null };
  fail: { input: "typed" | "unknown"; output: null };
  floats: { input: number; output: Float32Array };
  crash: { input: null; output: null };
  exit: { input: null; output: null };
  deaf: { input: null; item: string; output: null };
};

export const createKernelEngine: CreateEngine<KernelConfig, KernelProtocol> = async (config) => {
  if (config.startGate) await pass(config.startGate);
  if (config.failStart) throw new AppError("MODEL_MISSING", "The fixture has no model.", { hint: "Put one there." });
  const trace: string[] = [];
  return {
    methods: {
      echo: async (input) => input,
      async count(count, { emit, checkpoint }) {
        for (let index = 0; index < count; index += 1) {
          emit(index);
          await checkpoint();
        }
        return "counted";
      },
      async endless(name, { emit, checkpoint, signal }) {
        emit(name);
        try {
          while (!signal.aborted) await checkpoint();
        } finally {
          await delay(20);
          trace.push(`${name} ended`);
        }
        return null;
      },
      trace: async () => [...trace],
      async steps({ name, count }, { emit, checkpoint }) {
        for (let index = 0; index < count; index += 1) {
          trace.push(name);
          emit(index);
          await checkpoint();
        }
        return null;
      },
      async fail(kind) {
        if (kind === "typed") throw new AppError("FILE_DAMAGED", "The fixture is damaged.", { hint: "Mend it.", data: { page: 3 } });
        throw new TypeError("secret detail");
      },
      async floats(length) {
        const vectors = Float32Array.from({ length }, (_, index) => index);
        return withTransfer(vectors, [vectors.buffer]);
      },
      crash: () =>
        new Promise(() => {
          setImmediate(() => {
            throw new Error("fixture crashed");
          });
        }),
      exit: () => process.exit(3),
      async deaf(_, { emit }) {
        emit("computing");
        await (config.deafGate ? pass(config.deafGate) : delay(60_000));
        return null;
      },
    },
    async dispose() {
      if (config.disposeGate) await pass(config.disposeGate);
    },
  };
};
