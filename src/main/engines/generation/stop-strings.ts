/**
 * Watches a growing text for stop strings. `push` returns where the first of them begins, once one is complete.
 * `safe` is how much of the text cannot become part of a stop string any more and may be shown.
 */
export function stopStrings(stops: readonly string[]): { push(piece: string): { stoppedAt?: number; safe: number } } {
  const watched = stops.filter((stop) => stop !== "");
  const longest = Math.max(0, ...watched.map((stop) => stop.length));
  let tail = "";
  let dropped = 0;
  return {
    push(piece) {
      tail += piece;
      const found = watched.map((stop) => tail.indexOf(stop)).filter((at) => at >= 0);
      if (found.length > 0) {
        const stoppedAt = dropped + Math.min(...found);
        return { stoppedAt, safe: stoppedAt };
      }
      const held = Math.max(0, ...watched.map((stop) => overlap(tail, stop)));
      const safe = dropped + tail.length - held;
      const drop = Math.max(0, tail.length - longest);
      dropped += drop;
      tail = tail.slice(drop);
      return { safe };
    },
  };
}

/** Length of the longest end of `text` that is a proper beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
