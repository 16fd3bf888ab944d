import type { Job } from "../../../shared/contract/jobs.ts";
import { formatNumber } from "../../components/format.ts";

/** How far a job is, in its own unit. Bytes are counted in megabytes. */
export function progressText({ done, total, unit }: Job["progress"]): string {
  const [scale, word] = unit === "bytes" ? [1e6, "MB"] : [1, unit];
  const amount = (value: number) => formatNumber(Math.round(value / scale));
  return total > 0 ? `${amount(done)} of ${amount(total)} ${word}` : done > 0 ? `${amount(done)} ${word}` : "";
}
