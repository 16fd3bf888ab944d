import { existsSync } from "node:fs";
import { availableParallelism, freemem, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import type { Event, SystemInfo } from "../../../shared/contract/system.ts";
import { Reason } from "../../../shared/contract/define.ts";
import { toWire } from "../../../shared/errors.ts";
import { os } from "../../core/implementer.ts";
import { backUp } from "../../db/off-thread.ts";
import type { Truth } from "../../db/truth.ts";
import { askRestore } from "../../db/restore-request.ts";
import { type DiagnosticsDeps, makeDiagnostics } from "./diagnostics.ts";
import { runDoctor } from "./doctor.ts";
import type { EgressLog } from "./egress-log.ts";
import { measureStorage } from "./storage.ts";
import { VERSION } from "./version.ts";

/** Events read from the database at once when a client catches up. */
const CATCH_UP = 500;

export { openEgressLog } from "./egress-log.ts";

/** Handlers of `system.*`. */
export function systemRoutes(deps: DiagnosticsDeps & { egressLog: EgressLog }) {
  const { host, truth, settings, restoreRefused } = deps;
  const sample = join(host.paths.resources, "sample");
  return {
    info: os.system.info.handler((): SystemInfo => ({
      version: VERSION,
      host: host.kind,
      platform: `${platform()} ${release()}`,
      cores: availableParallelism(),
      memory: { total: totalmem(), free: freemem(), core: process.memoryUsage.rss() },
      profile: host.paths.profile,
      offline: host.offline === true || settings.get("network.offline"),
      ...(existsSync(sample) ? { sample } : {}),
      ...(restoreRefused ? { restoreRefused: Reason.parse(toWire(restoreRefused)) } : {}),
      engines: deps.engines.map(({ name, state, generation }) => ({ name, state, generation })),
    })),
    doctor: os.system.doctor.handler(() => runDoctor(deps)),
    events: os.system.events.handler(({ input, signal }) => watchEvents(truth, input.since, signal)),
    backup: os.system.backup.handler(({ input }) => backUp(truth.db.name, input.file, settings.toJson())),
    restore: os.system.restore.handler(({ input }) => askRestore(host.paths.profile, input.file)),
    storage: os.system.storage.handler(() => measureStorage(host.paths.profile, host.paths.models)),
    egress: os.system.egress.handler(({ input }) => deps.egressLog.list(input.limit)),
    diagnostics: os.system.diagnostics.handler(() => makeDiagnostics(deps)),
  };
}

/**
 * Events after `since` (or from now on), read from the database, so that a slow reader costs no memory. A number that
 * is yet to come is of another truth, before a restore: then it is from now on, too.
 */
async function* watchEvents(truth: Truth, since: number | undefined, signal: AbortSignal | undefined): AsyncGenerator<Event, void> {
  let last = Math.min(since ?? Number.POSITIVE_INFINITY, truth.lastSeq());
  let wake: (() => void) | undefined;
  const ring = () => {
    wake?.();
    wake = undefined;
  };
  const stop = truth.onEvents(ring);
  signal?.addEventListener("abort", ring, { once: true });
  try {
    while (!signal?.aborted) {
      const events = truth.eventsSince(last, CATCH_UP);
      if (events.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      for (const event of events) {
        yield event;
        last = event.seq;
      }
    }
  } finally {
    stop();
  }
}
