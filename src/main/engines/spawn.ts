/** Why a thread or process ended. An `AppError` given as `error` is what calls in flight are rejected with. */
export type Exit = { code: number | null; error?: unknown };

/** The host's end of the wire to one running thread or process. */
export type Spawned = {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with everything that was posted before it delivered. */
  onExit(listener: (exit: Exit) => void): void;
  /** Only on what may be killed at any time, a process; a thread that computes natively takes the whole process with it. */
  kill?: () => void;
};

/** Starts an engine's thread or process. Wrap it to watch over memory or to change what an exit means. */
export type Spawn = (name: string) => Spawned;
