import type { Logger } from "../../../core/logger.ts";
import { createSourceWatch } from "../../knowledge/index.ts";
import type { StoredRun } from "./run-store.ts";

/** Looks after the folders of watched runs: what arrives and has stopped growing is processed, and what arrived before. */
export function watchRuns(deps: { watched: () => readonly StoredRun[]; start: (runId: string) => void; log: Logger; settleMs?: number }) {
  return createSourceWatch({
    watched: () =>
      deps.watched().flatMap(({ id, paths }) =>
        paths.map((path, index) => ({
          id: `${id}/${index}`,
          collectionId: id,
          kind: "path" as const,
          path,
          options: { include: [], exclude: [], watch: true, reading: {} },
        })),
      ),
    sync: deps.start,
    log: deps.log,
    ...(deps.settleMs === undefined ? {} : { settleMs: deps.settleMs }),
  });
}
