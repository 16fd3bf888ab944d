import { useEffect, useState } from "react";
import type { Job } from "../../../shared/contract/jobs.ts";
import type { Sample } from "./eta.ts";
import { addSample, estimateLeft, stallMs, stoodStillMs } from "./eta.ts";

export type Pace = { left: { lowMs: number; highMs: number } | undefined; /** Undefined while it moves. */ stalledMs: number | undefined };

/** How often a row that hears nothing looks at the clock. Milliseconds. */
const lookEveryMs = 5000;

/** How fast a running job is, from the progress that came while its row was shown. */
export function usePace({ state, progress: { done, total } }: Pick<Job, "state" | "progress">): Pace {
  const [samples, setSamples] = useState<Sample[]>([]);
  const [now, setNow] = useState(0);
  const running = state === "running";

  useEffect(() => {
    if (!running) return;
    const note = () => {
      const at = Date.now();
      setNow(at);
      setSamples((former) => addSample(former, { at, done }));
      timer = setTimeout(note, lookEveryMs);
    };
    let timer = setTimeout(note, 0);
    return () => clearTimeout(timer);
  }, [running, done]);

  const still = running ? stoodStillMs(samples, now) : 0;
  return { left: running ? estimateLeft(samples, total) : undefined, stalledMs: still >= stallMs ? still : undefined };
}
