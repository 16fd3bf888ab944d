/** What a conversation costs that is read from its beginning, as after a start of Croft. */
const COLD_SECONDS = 12;
/** Tokens a second until measured: a small model on two cores. */
const READS = 100;
/** A few turns, however slow the machine is. */
const FEWEST_TOKENS = 512;
const KEPT = 200;

/** Tokens of a conversation that are read at once where nothing of it is evaluated yet. */
export const coldTokens = (readingSpeed: number | undefined): number =>
  Math.max(FEWEST_TOKENS, Math.round(COLD_SECONDS * (readingSpeed ?? READS)));

export type ToldHistory = ReturnType<typeof createToldHistory>;

/**
 * Where the told part of each conversation began in its last prompt. What was told stays evaluated and costs nothing to
 * tell again, so it is kept to; a conversation that is not here is cold.
 */
export function createToldHistory() {
  const starts = new Map<string, string>();
  return {
    /** Id of the message that the last prompt of the thread began with. */
    get: (thread: string): string | undefined => starts.get(thread),
    set(thread: string, message: string): void {
      starts.delete(thread);
      starts.set(thread, message);
      for (const oldest of starts.keys()) if (starts.size > KEPT) starts.delete(oldest);
    },
  };
}
