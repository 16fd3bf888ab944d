/** How far a job was at a moment. `at` in milliseconds. */
export type Sample = { at: number; done: number };

/** As long as what a job did speaks for what it will do. Milliseconds. */
const windowMs = 60_000;
/** A job that was not looked at for so long was paused; what was before says nothing. Milliseconds. */
const pauseMs = 15_000;
/** Fewer pieces say nothing of how much speeds differ. */
const fewestSpeeds = 3;
/** Samples are kept at most so often. Milliseconds. */
const everyMs = 1000;

/** The samples with one more; old ones leave, and those of a job that began again are forgotten. */
export function addSample(samples: readonly Sample[], next: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && (next.done < last.done || next.at - last.at > pauseMs)) return [next];
  // Between two samples the newest stands for both, so that a burst does not fill the window.
  const before = samples.at(-2);
  const kept = last && before && last.at - before.at < everyMs ? samples.slice(0, -1) : samples;
  return [...kept.filter(({ at }) => next.at - at <= windowMs), next];
}

/**
 * How long the rest takes, as a range: at the speed of the fastest and of the slowest quarter of the pieces seen of
 * late. One number would promise what nobody knows. Undefined while too little was seen, or nothing moves.
 */
export function estimateLeft(samples: readonly Sample[], total: number): { lowMs: number; highMs: number } | undefined {
  const last = samples.at(-1);
  if (!last || total <= last.done) return undefined;
  const speeds = samples
    .slice(1)
    .flatMap((sample, index) => {
      const before = samples[index];
      const ms = before ? sample.at - before.at : 0;
      return before && ms > 0 ? [(sample.done - before.done) / ms] : [];
    })
    .sort((a, b) => a - b);
  const first = samples[0];
  if (!first || speeds.length < fewestSpeeds || last.done <= first.done) return undefined;
  const mean = (last.done - first.done) / (last.at - first.at);
  const quarter = Math.floor(speeds.length / 4);
  // Pieces that stood still say that it is slow, not that it never ends: half the mean is the slowest that is told.
  const slow = Math.max(speeds[quarter] ?? mean, mean / 2);
  const fast = Math.max(speeds.at(-1 - quarter) ?? mean, mean);
  const left = total - last.done;
  return { lowMs: left / fast, highMs: left / Math.min(slow, fast) };
}

/** A job that runs and did not move for so long is said to be stalled. Milliseconds. */
export const stallMs = 20_000;

/** For how long a job has not moved. Milliseconds. */
export function stoodStillMs(samples: readonly Sample[], now: number): number {
  const last = samples.at(-1);
  const reached = samples.find(({ done }) => done === last?.done);
  return reached ? now - reached.at : 0;
}
