import type { Job } from "../../../shared/contract/jobs.ts";
import type { Model } from "../../../shared/contract/models.ts";
import type { Say } from "./messages.ts";

/** The newest download job of a model: by the id that started it here, else by the model that its title names. */
export function isDownloadOf(job: Job, model: Pick<Model, "id" | "name">, startedId: string | undefined): boolean {
  if (!job.kind.startsWith("models.") && !job.kind.startsWith("model.")) return false;
  if (startedId !== undefined) return job.id === startedId;
  // `Download Name`: the whole name, since that of one model may be a part of another's.
  const named = job.title.slice(job.title.indexOf(" ") + 1);
  return named === model.name || named === model.id.replace(/^local:/, "");
}

/** What was measured on this machine, in its own unit; nothing where nothing was measured. */
export function speedText(speed: Model["speed"], say: Say): string {
  const parts = [
    [speed?.tokensPerSecond, "tokensPerSecond"],
    [speed?.promptTokensPerSecond, "readPerSecond"],
    [speed?.textsPerSecond, "textsPerSecond"],
  ] as const;
  return parts.flatMap(([value, unit]) => (value === undefined ? [] : [say(unit, { value: Math.round(value) })])).join(" · ");
}

/** What is known of an installed model on this machine: that it does not load, else how fast it is, else whether it was tried. */
export function hereText({ state, probed, speed }: Pick<Model, "state" | "probed" | "speed">, say: Say): string {
  if (state !== "installed") return "";
  if (probed === "failed") return say("doesNotLoad");
  return speedText(speed, say) || say(probed === "ok" ? "loads" : "notTried");
}
