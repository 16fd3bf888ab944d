import { readFile } from "node:fs/promises";
import { ocrLanguages } from "../../src/main/core/ocr-languages.ts";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { OcrConfig, OcrProtocol } from "../../src/main/engines/ocr/protocol.ts";
import type { ReadersConfig, ReadersProtocol } from "../../src/main/engines/readers/protocol.ts";
import { spawnReaders } from "../../src/main/engines/readers/spawn-readers.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { createReading } from "../../src/main/features/knowledge/reading/index.ts";
import { forkChild, recordingLog } from "./engine-hosts.ts";

/** Reading as Croft does it: the readers in a process of their own, recognition in a thread. */
export function openReading() {
  const { log } = recordingLog();
  const arbiter = createArbiter({ cores: 2 });
  const now = () => performance.now();
  let peakBytes = 0;
  /** Resident memory of the readers' process, noted on the way. */
  async function residentBytes(pid: number): Promise<number | undefined> {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kilobytes === undefined) return undefined;
    peakBytes = Math.max(peakBytes, Number(kilobytes) * 1024);
    return Number(kilobytes) * 1024;
  }
  const readers = createEngineHost<ReadersConfig, ReadersProtocol>({
    name: "readers",
    config: {},
    spawn: spawnReaders(
      forkChild(entryUrl("readers")),
      { entry: "readers", name: "readers" },
      { memoryBytes: 1024 ** 3, everyMs: 20, residentBytes },
    ),
    arbiter,
    threads: { read: 1, raster: 1, extract: 1, detect: 0, language: 0 },
    idleMs: 60_000,
    log,
    now,
  });
  const ocr = createEngineHost<OcrConfig, OcrProtocol>({
    name: "ocr",
    config: { languageFolders: ocrLanguages(), workers: 1 },
    spawn: threadSpawner(entryUrl("ocr")),
    arbiter,
    threads: { recognize: 1, languages: 0 },
    idleMs: 60_000,
    log,
    now,
  });
  return {
    reading: createReading({ readers, ocr, log }),
    /** The most memory the readers' process was seen with since the last question; 0 where the platform does not tell. */
    takePeakBytes(): number {
      const peak = peakBytes;
      peakBytes = 0;
      return peak;
    },
    /** How often the readers were started: once more than they were lost. */
    starts: () => readers.generation,
    close: async () => void (await Promise.all([readers.close(), ocr.close()])),
  };
}
