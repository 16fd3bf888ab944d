import type { ThreadsOf } from "../engine-host.ts";
import type { InferenceProtocol } from "./protocol.ts";

/** Cores that the host leases for each method; ONNX Runtime is started with the same number of threads. */
export const inferenceThreads: ThreadsOf<InferenceProtocol> = {
  embed: ({ threads }) => threads,
  rerank: ({ threads }) => threads,
  chunk: 1,
  unload: 0,
};
