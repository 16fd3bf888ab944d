/**
 * Milliseconds in which at least one file was read: files that several workers read at once share their time, and the time
 * between passes is nobody's.
 */
export function timeAtWork(reads: readonly { endedAt: number; ms: number }[]): number {
  let [sum, until] = [0, -Infinity];
  for (const { beganAt, endedAt } of reads
    .map(({ endedAt, ms }) => ({ beganAt: endedAt - ms, endedAt }))
    .sort((a, b) => a.beganAt - b.beganAt)) {
    sum += Math.max(0, endedAt - Math.max(beganAt, until));
    until = Math.max(until, endedAt);
  }
  return sum;
}
