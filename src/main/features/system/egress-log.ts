import { appendFileSync, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { EgressEntry } from "../../../shared/contract/system.ts";
import { AppError } from "../../../shared/errors.ts";
import type { Purpose } from "../../core/egress.ts";

export type EgressLog = ReturnType<typeof openEgressLog>;
type Egress = Record<Purpose, typeof fetch>;

/** About ten thousand requests; the former file is kept beside it. */
const maxBytes = 1_000_000;

/**
 * Every request that leaves this machine, or was refused, a line each in `egress.jsonl` of the profile: when, why, to
 * whom, and what became of it. Never the whole address, which may tell what somebody reads.
 */
export function openEgressLog(profile: string, now: () => number) {
  const path = join(profile, "egress.jsonl");

  function write(entry: EgressEntry): void {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) renameSync(path, `${path}.1`);
    appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  const recorded =
    (purpose: Purpose, send: typeof fetch): typeof fetch =>
    async (input, init) => {
      const note = (outcome: EgressEntry["outcome"]) => write({ at: now(), purpose, host: hostOf(input), outcome });
      try {
        const response = await send(input, init);
        note("answered");
        return response;
      } catch (error) {
        const refused = error instanceof AppError && (error.code === "OFFLINE" || error.code === "EGRESS_DENIED");
        note(refused ? "refused" : "failed");
        throw error;
      }
    };

  return {
    /** The same ways out, each request of which is written down. */
    record: (egress: Egress): Egress => ({
      models: recorded("models", egress.models),
      url: recorded("url", egress.url),
      provider: recorded("provider", egress.provider),
    }),
    /** The newest entries first; lines that were damaged are left out. */
    list: (limit: number): EgressEntry[] =>
      [`${path}.1`, path]
        .flatMap((file) => (existsSync(file) ? readFileSync(file, "utf8").split("\n") : []))
        .flatMap((line) => parse(line) ?? [])
        .slice(-limit)
        .toReversed(),
  };
}

function hostOf(input: Parameters<typeof fetch>[0]): string {
  const address = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
  return URL.canParse(address) ? new URL(address).host : "no address";
}

function parse(line: string): EgressEntry | undefined {
  try {
    return EgressEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
