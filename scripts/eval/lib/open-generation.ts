import { createArbiter } from "../../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../../src/main/engines/engine-host.ts";
import { entryUrl } from "../../../src/main/engines/entries.ts";
import type { GenerationConfig, GenerationProtocol } from "../../../src/main/engines/generation/protocol.ts";
import { threadSpawner } from "../../../src/main/engines/spawn-thread.ts";
import { recordingLog } from "../../../tests/helpers/engine-hosts.ts";

/** The generation engine as Croft runs it: in a thread, two compute threads. */
export function openGeneration() {
  const host = createEngineHost<GenerationConfig, GenerationProtocol>({
    name: "generation",
    config: { threads: 2, gpu: false, trustBinary: false },
    spawn: threadSpawner(entryUrl("generation")),
    arbiter: createArbiter({ cores: 2 }),
    threads: { generate: 2, warm: 2, countTokens: 1, inspect: 0, unload: 0 },
    idleMs: 60_000,
    log: recordingLog().log,
    now: () => performance.now(),
  });
  return { host, close: () => host.close() };
}
