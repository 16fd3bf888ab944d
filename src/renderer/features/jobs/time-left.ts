import type { Words } from "../../i18n/messages.ts";
import type { messages } from "./messages.ts";

const minute = 60_000;
const hour = 60 * minute;

/** A range of time in one unit, rounded outwards: `3 to 5 min left`. */
export function timeLeft({ lowMs, highMs }: { lowMs: number; highMs: number }, say: Words<typeof messages>): string {
  if (highMs < 10_000) return say("about", { time: say("second") });
  const [unit, key] =
    highMs < 2 * minute ? ([1000, "seconds"] as const) : highMs < 2 * hour ? ([minute, "minutes"] as const) : ([hour, "hours"] as const);
  const low = Math.floor(lowMs / unit);
  return say(key, { low: Math.max(low, 0), high: Math.max(Math.ceil(highMs / unit), low + 1) });
}
