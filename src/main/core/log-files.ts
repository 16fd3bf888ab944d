import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import type { LogRecord } from "./logger.ts";

export type LogFiles = { write(record: LogRecord): void; close(): void };

/**
 * Log lines as JSON in `croft.log` of the folder. A file that has grown to `maxBytes` becomes `croft.1.log`, older
 * ones move on, and `keep` of them stay.
 */
export function createLogFiles(folder: string, options: { maxBytes?: number; keep?: number; level?: pino.Level } = {}): LogFiles {
  const { maxBytes = 10 * 2 ** 20, keep = 3, level = "info" } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (number: number): string => join(folder, number === 0 ? "croft.log" : `croft.${number}.log`);
  let size = statSync(file(0), { throwIfNoEntry: false })?.size ?? 0;
  let destination = open();
  let closed = false;

  function open() {
    return pino.destination({ dest: file(0), sync: true, mode: 0o600 });
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
      if (!closed) logger[recordLevel](fields);
    },
    close() {
      if (closed) return;
      closed = true;
      destination.end();
    },
  };
}
