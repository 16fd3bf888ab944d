import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

/** What the probe of a process saw since it was told to begin. Milliseconds and bytes. */
export type LoopReport = { p50: number; p99: number; max: number; samples: number; peakBytes: number };

/** Timers that are due so often; what they come later is the delay. */
const resolutionMs = 5;
const memoryEveryMs = 250;

// Loaded before a server with --import, which its threads inherit: only the main one is core.
if (isMainThread && process.send) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  let peakBytes = 0;
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), memoryEveryMs).unref();
  process.on("message", (message) => {
    if (message === "begin") {
      delays.reset();
      delays.enable();
      peakBytes = process.memoryUsage.rss();
      process.send?.("begun");
      return;
    }
    delays.disable();
    const report: LoopReport = {
      p50: late(delays.percentile(50)),
      p99: late(delays.percentile(99)),
      max: late(delays.max),
      samples: delays.count,
      peakBytes,
    };
    process.send?.(report);
  });
  // Being listened to must not keep the server from ending.
  process.channel?.unref();
}
