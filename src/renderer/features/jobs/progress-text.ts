import type { Job } from "../../../shared/contract/jobs.ts";
import { formatNumber } from "../../components/format.ts";
import type { Say } from "./messages.ts";

/** How far a job is, in its own unit. Bytes are counted in megabytes. */
export function progressText({ done, total, unit }: Job["progress"], say: Say): string {
  const [scale, word] = unit === "bytes" ? [1e6, "MB"] : [1, unit];
  const amount = (value: number) => formatNumber(Math.round(value / scale));
  return total > 0 ? say("progress", { done: amount(done), total: amount(total), unit: word }) : done > 0 ? `${amount(done)} ${word}` : "";
}
