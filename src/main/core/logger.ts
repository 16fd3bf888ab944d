export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line of the log: a level, an event name and facts. Never document text, prompts or secrets. */
export type LogRecord = { level: LogLevel; at: number; scope: string; event: string; [field: string]: unknown };

export type Logger = {
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
  child(scope: string): Logger;
};

/** A logger over a sink; `scope` names the part of core that speaks. Errors in fields become plain data. */
export function createLogger(sink: (record: LogRecord) => void, now: () => number, scope = "core"): Logger {
  const write =
    (level: LogLevel) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      const plain = Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? describeError(value) : value]),
      );
      sink({ ...plain, level, at: now(), scope, event });
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (name) => createLogger(sink, now, `${scope}.${name}`),
  };
}

/** Causes that are described; an error may be its own. */
const mostCauses = 8;

function describeError(error: Error, causes = mostCauses): Record<string, unknown> {
  const cause = error.cause instanceof Error && causes > 0 ? { cause: describeError(error.cause, causes - 1) } : {};
  return { name: error.name, message: error.message, stack: error.stack, ...cause };
}
