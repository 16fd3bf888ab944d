import { AppError } from "../../../../shared/errors.ts";
import type { Priority } from "../../../engines/engine.ts";
import type { ReadersProtocol } from "../../../engines/readers/protocol.ts";
import { stallMs } from "./limits.ts";
import type { WatchedCall } from "./watchdog.ts";

/** Units looked at: enough to be sure, few enough to cost milliseconds. */
const sampleUnits = 4000;
/** Another file may take the process along with it, seldom twice. */
const attempts = 2;

/**
 * ISO 639-1 code of a text's language, undefined where it is not sure. Told in the readers' process, from the middle of
 * the text, since texts often begin with names, numbers and boilerplate. A text without a language is still a text: a
 * process that is lost time and again costs no more than that.
 * @throws ABORTED · ENGINE_UNAVAILABLE
 */
export async function languageOf(
  text: string,
  call: WatchedCall<ReadersProtocol>,
  control: { signal: AbortSignal; priority: Priority; what: string },
): Promise<string | undefined> {
  const start = Math.max(0, Math.floor((text.length - sampleUnits) / 2));
  const sample = text.slice(start, start + sampleUnits);
  if (sample.trim() === "") return undefined;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      return await call("language", { sample }, { ...control, stallMs: stallMs.read });
    } catch (error) {
      if (!(error instanceof AppError) || (error.code !== "ENGINE_EXITED" && error.code !== "TIMEOUT")) throw error;
    }
  }
  return undefined;
}
