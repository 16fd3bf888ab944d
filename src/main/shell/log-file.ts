import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogRecord } from "../core/logger.ts";

const largestBytes = 5 * 1024 * 1024;

/**
 * A sink that appends one line of JSON a record to `croft.log` in `folder`, and keeps one older file beside it.
 * Written at once, so that the last words before a crash are there; a full disk loses the log and nothing else.
 */
export function createLogFile(folder: string): (record: LogRecord) => void {
  const file = join(folder, "croft.log");
  let size = sizeOf(file);
  return (record) => {
    const line = `${JSON.stringify(record)}\n`;
    try {
      mkdirSync(folder, { recursive: true });
      if (size + line.length > largestBytes) {
        renameSync(file, join(folder, "croft.1.log"));
        size = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      size += line.length;
    } catch {
      // Nobody is left to tell.
    }
  };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
