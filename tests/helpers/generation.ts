import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallContext } from "../../src/main/engines/engine.ts";
import type { GenerateInput, GenerateItem, GgufModel } from "../../src/main/engines/generation/protocol.ts";
import { writeSyntheticGguf } from "./synthetic-gguf.ts";
import type { SyntheticGguf } from "./synthetic-gguf.ts";

/** A temporary folder of synthetic models; `remove` deletes it. */
export function syntheticModels() {
  const folder = mkdtempSync(join(tmpdir(), "croft-generation-"));
  let written = 0;
  return {
    folder,
    write(options: SyntheticGguf = {}, model: Partial<GgufModel> = {}): GgufModel {
      const path = join(folder, `synthetic-${++written}.gguf`);
      writeSyntheticGguf(path, options);
      return { path, contextTokens: 1024, threads: 1, sequences: 1, ...model };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What an engine's method is given, with all it streamed and a count of its checkpoints. */
export function callContext(
  options: { signal?: AbortSignal; onText?: (text: string) => void; onCheckpoint?: (count: number) => void } = {},
) {
  const signal = options.signal ?? new AbortController().signal;
  const pieces: string[] = [];
  let checkpoints = 0;
  const context: CallContext<GenerateItem> = {
    signal,
    emit({ text }) {
      pieces.push(text);
      options.onText?.(text);
    },
    async checkpoint() {
      await new Promise<void>((resolve) => setImmediate(resolve));
      checkpoints += 1;
      options.onCheckpoint?.(checkpoints);
      signal.throwIfAborted();
    },
  };
  return { context, pieces, text: () => pieces.join(""), checkpoints: () => checkpoints };
}

/** A greedy call with one user message. */
export function ask(model: GgufModel, text: string, more: Partial<GenerateInput> = {}): GenerateInput {
  return { model, messages: [{ role: "user", text }], maxTokens: 32, temperature: 0, ...more };
}
