import type { Host } from "../../core/host.ts";
import type { Logger } from "../../core/logger.ts";
import { AppError, isAbort } from "../../../shared/errors.ts";
import { unlessLeft } from "../../core/unless-left.ts";
import type { ProbeQuestion } from "../../engines/probe.ts";
import { estimateFit, plannedContextTokens } from "./estimate.ts";
import type { Installed } from "./installed.ts";
import type { ModelStore } from "./model-store.ts";
import { probeModel, probeStopped } from "./probe-model.ts";
import type { ProbeResult } from "./probe-model.ts";

export type ModelChecksOptions = {
  store: ModelStore;
  startChild: Host["startChild"];
  now(): number;
  log: Logger;
  /** Threads that a probe may use. */
  threads(): number;
  availableMemory?: (() => number) | undefined;
  probeTimeoutMs?: number | undefined;
};

export type ModelChecks = {
  /** Loads the model in a process of its own and remembers how it went, by the hash of the file. */
  probe(id: string, signal: AbortSignal): Promise<ProbeResult>;
  /**
   * To be awaited before a model is loaded into Croft itself: it fits the memory and was probed once. Costs nothing
   * the next time in this process, and no probe the next time on this machine.
   * @throws MODEL_MISSING · MEMORY_LOW · MODEL_INVALID · ABORTED
   */
  ensureUsable(id: string, signal: AbortSignal): Promise<void>;
};

/** Context with which the probe measures; the difference to the planned one is added. Tokens. */
const probedContextTokens = 512;

/** What is checked before a file reaches native code in Croft's own process. */
export function createModelChecks(options: ModelChecksOptions): ModelChecks {
  const { store, startChild, now, log, threads, availableMemory = () => process.availableMemory(), probeTimeoutMs } = options;
  const usable = new Set<string>();
  /** One probe a file at a time; whoever comes second waits for the same result. */
  const running = new Map<string, Promise<ProbeResult>>();

  async function probe(id: string, signal: AbortSignal): Promise<ProbeResult> {
    const model = await store.installed(id);
    const other = running.get(model.sha256);
    if (other) {
      return unlessLeft(other, signal).catch((error: unknown) => {
        if (signal.aborted) throw probeStopped();
        // Whoever started it may have given up; that is no answer for this caller.
        if (isAbort(error)) return probe(id, signal);
        throw error;
      });
    }
    const own = runProbe(model, signal).finally(() => running.delete(model.sha256));
    running.set(model.sha256, own);
    return own;
  }

  async function runProbe(model: Installed, signal: AbortSignal): Promise<ProbeResult> {
    const result = await probeModel(startChild, questionFor(model, threads()), { signal, timeoutMs: probeTimeoutMs });
    const memory = result.memoryBytes === undefined ? {} : { memoryBytes: result.memoryBytes + missingContext(model) };
    await store.learn(model.sha256, { probe: { ok: result.ok, message: result.message, at: now() }, ...memory });
    log.info("models.probed", { id: model.id, ok: result.ok, memoryBytes: result.memoryBytes });
    return result;
  }

  async function ensureUsable(id: string, signal: AbortSignal): Promise<void> {
    const model = await store.installed(id);
    if (usable.has(model.sha256)) return;
    const learned = await store.learned(model.sha256);
    requireMemory(model, learned.memoryBytes);
    const result = learned.probe ?? (await probe(id, signal));
    if (!result.ok) {
      throw new AppError("MODEL_INVALID", `The model ${model.id} cannot be used: ${result.message}`, {
        hint: `Get it again, or try once more with: croft models probe ${model.id}`,
        data: { id: model.id },
      });
    }
    usable.add(model.sha256);
  }

  function requireMemory(model: Installed, learnedBytes: number | undefined): void {
    const { format, bytes: weightBytes, contextTokens, contextBytesPerToken } = model;
    const fit = estimateFit({ format, weightBytes, contextTokens, contextBytesPerToken, learnedBytes, availableBytes: availableMemory() });
    if (fit.verdict !== "too-large") return;
    throw new AppError(
      "MEMORY_LOW",
      `The model ${model.id} needs about ${toMegabytes(fit.required)} MB of memory; ${toMegabytes(fit.available)} MB are free.`,
      {
        hint: "Close other programs, or choose a smaller model: croft models list",
        data: { ...fit },
      },
    );
  }

  return { probe, ensureUsable };
}

function questionFor(model: Installed, threads: number): ProbeQuestion {
  if (model.onnx) return { kind: "onnx", model: { folder: model.path, ...model.onnx }, reranks: model.role === "reranker", threads };
  return { kind: "gguf", path: model.path, threads };
}

function missingContext(model: Installed): number {
  const tokens = Math.min(model.contextTokens ?? plannedContextTokens, plannedContextTokens);
  return Math.max(0, tokens - probedContextTokens) * (model.contextBytesPerToken ?? 0);
}

const toMegabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
