import { createLogger } from "../../src/main/core/logger.ts";
import type { Logger, LogRecord } from "../../src/main/core/logger.ts";

/** A logger that keeps its records. */
export function quietLog(): { log: Logger; records: LogRecord[] } {
  const records: LogRecord[] = [];
  return { log: createLogger((record) => void records.push(record), Date.now), records };
}
