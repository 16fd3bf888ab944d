import { renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { LogRecord } from "./logger.ts";
import { makeFolder } from "./make-folder.ts";

export type LogFiles = { write(record: LogRecord): void; close(): void };

type LogFileOptions = { maxBytes?: number; keep?: number; level?: pino.Level };

/**
 * Log lines as JSON in `croft.log` of the folder. A file that has grown to `maxBytes` becomes `croft.1.log`, older
 * ones move on, and `keep` of them stay. Where no log can be written there is none: whoever opens the profile next says
 * better what is wrong with it.
 */
export function createLogFiles(folder: string, options: LogFileOptions = {}): LogFiles {
  try {
    return openLogFiles(folder, options);
  } catch {
    return { write: () => {}, close: () => {} };
  }
}

function openLogFiles(folder: string, { maxBytes = 10 * 2 ** 20, keep = 3, level = "info" }: LogFileOptions): LogFiles {
  makeFolder(folder);
  const file = (number: number): string => join(folder, number === 0 ? "croft.log" : `croft.${number}.log`);
  let size = statSync(file(0), { throwIfNoEntry: false })?.size ?? 0;
  let destination = open();
  let closed = false;

  function open() {
    const opened = pino.destination({ dest: file(0), sync: true, mode: 0o600 });
    // Errors that nobody listens for would end Croft.
    opened.on("error", () => {});
    return opened;
  }

  function rotate(): void {
    destination.end();
    rmSync(file(keep), { force: true });
    for (let number = keep - 1; number >= 0; number--) {
      if (statSync(file(number), { throwIfNoEntry: false })) renameSync(file(number), file(number + 1));
    }
    destination = open();
    size = 0;
  }

  const logger = pino(
    { level, base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
    {
      write(line: string) {
        const bytes = Buffer.byteLength(line);
        if (size > 0 && size + bytes > maxBytes) rotate();
        size += bytes;
        destination.write(line);
      },
    },
  );

  return {
    write({ level: recordLevel, ...fields }) {
      if (!closed) orLost(() => logger[recordLevel](fields));
    },
    close() {
      if (closed) return;
      closed = true;
      orLost(() => destination.end());
    },
  };
}

/** On a full disk lines are lost, and never what they tell of. */
function orLost(work: () => void): void {
  try {
    work();
  } catch {
    // There is nowhere else to say so.
  }
}
