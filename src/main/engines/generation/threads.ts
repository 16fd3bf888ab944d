import type { ThreadsOf } from "../engine-host.ts";
import type { GenerationProtocol } from "./protocol.ts";

/** What each method takes of the processor while it runs, for the host's arbiter. */
export const generationThreads: ThreadsOf<GenerationProtocol> = {
  generate: ({ model }) => model.threads,
  warm: ({ model }) => model.threads,
  countTokens: 1,
  inspect: 0,
  unload: 0,
};
