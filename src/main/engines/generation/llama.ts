import type { Llama } from "node-llama-cpp";
import { startError } from "./errors.ts";
import type { GenerationConfig } from "./protocol.ts";
import { withTrustedBinary } from "./trusted-binary.ts";

/** One llama.cpp runtime, and the latest it had to say. */
export type Runtime = {
  llama: Llama;
  /** Warnings and errors of llama.cpp since the last call; they go into the cause of an error and nowhere else. */
  takeLog(): string;
};

const maxLogLines = 40;

/**
 * Loads the prebuilt llama.cpp: nothing is compiled and nothing downloaded.
 * @throws ENGINE_UNAVAILABLE
 */
export async function startLlama(config: GenerationConfig): Promise<Runtime> {
  const lines: string[] = [];
  const takeLog = () => lines.splice(0).join("\n");
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const load = (gpu: GenerationConfig["gpu"]) =>
    getLlama({
      gpu,
      build: "never",
      skipDownload: true,
      progressLogs: false,
      maxThreads: config.threads,
      logLevel: LlamaLogLevel.warn,
      logger(level, message) {
        lines.push(`${level}: ${message.trimEnd()}`);
        if (lines.length > maxLogLines) lines.shift();
      },
    });
  const start = (gpu: GenerationConfig["gpu"]) => (config.trustBinary ? withTrustedBinary(() => load(gpu)) : load(gpu));
  try {
    const llama = await start(config.gpu).catch((error: unknown) => {
      if (config.gpu === false) throw error;
      return start(false);
    });
    return { llama, takeLog };
  } catch (error) {
    throw startError(error, takeLog());
  }
}
