import { createLogger } from "../../core/logger.ts";
import type { Logger } from "../../core/logger.ts";
import { createArbiter } from "../arbiter.ts";
import type { Arbiter } from "../arbiter.ts";
import type { CreateEngine, EngineHost, Protocol } from "../engine.ts";
import { createEngineHost } from "../engine-host.ts";
import { localSpawner } from "../spawn-local.ts";

export type FakeHostOptions = { arbiter?: Arbiter; log?: Logger };

/** The real engine host over an engine without weights, in this thread: the same contract by construction. */
export function fakeHost<P extends Protocol>(
  name: string,
  create: CreateEngine<Record<string, never>, P>,
  options: FakeHostOptions = {},
): EngineHost<P> {
  return createEngineHost<Record<string, never>, P>({
    name,
    config: {},
    spawn: localSpawner(create),
    arbiter: options.arbiter ?? createArbiter({ cores: 2 }),
    threads: {},
    idleMs: 60_000,
    log: options.log ?? createLogger(() => {}, Date.now),
    now: () => performance.now(),
  });
}
