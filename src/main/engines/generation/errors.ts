import { InsufficientMemoryError, NoBinaryFoundError } from "node-llama-cpp";
import { AppError, isAbort } from "../../../shared/errors.ts";

export const aborted = (cause?: unknown) => new AppError("ABORTED", "The answer was cancelled.", { cause });

/** The prompt does not fit; `promptTokens` may be a lower bound when the text is too long even to be counted. */
export const promptTooLong = (promptTokens: number, contextTokens: number) =>
  new AppError("INVALID_INPUT", `The prompt has ${promptTokens} tokens; the model's context is set to ${contextTokens}.`, {
    hint: "Shorten the text, or give the model a larger context in its settings.",
    data: { promptTokens, contextTokens },
  });

export const emptyPrompt = () =>
  new AppError("INVALID_INPUT", "There is nothing to answer: the last message must be the user's and must not be empty.", {
    hint: "Write a question first.",
  });

/** A constrained value did not end within its limit, so that what there is cannot be parsed. */
export const truncatedOutput = (maxTokens: number, completionTokens: number) =>
  new AppError("INVALID_INPUT", `The answer was cut off after ${completionTokens} tokens and is not complete; nothing of it was kept.`, {
    hint: "Allow more tokens for the answer, or ask for fewer fields.",
    data: { reason: "truncated", maxTokens, completionTokens },
  });

export const modelMissing = (path: string, cause?: unknown) =>
  new AppError("MODEL_MISSING", `The model file ${path} is not there or cannot be read.`, {
    hint: "Download or import the model again.",
    data: { path },
    cause,
  });

export const modelInvalid = (path: string, cause?: unknown) =>
  new AppError("MODEL_INVALID", `The model file ${path} is damaged or not a model that llama.cpp can run.`, {
    hint: "Download the model again, or choose another file.",
    data: { path },
    cause,
  });

export const memoryLow = (path: string, cause?: unknown) =>
  new AppError("MEMORY_LOW", "There is not enough memory for this model with this context.", {
    hint: "Close other programs, choose a smaller model, or lower the context size.",
    data: { path },
    cause,
  });

/** What a failed start of llama.cpp means. `log` is its latest output, for the log only. */
export function startError(error: unknown, log: string): AppError {
  const message =
    error instanceof NoBinaryFoundError ? "There is no llama.cpp binary that runs on this machine." : "llama.cpp could not be started.";
  return new AppError("ENGINE_UNAVAILABLE", message, { hint: "Reinstall Croft, or use a cloud model.", cause: withLog(error, log) });
}

/** What a failed load of a model or its context means. */
export function loadError(error: unknown, path: string, log: string): AppError {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return aborted(error);
  const cause = withLog(error, log);
  const said = error instanceof Error ? error.message : String(error);
  // llama.cpp answers a failed allocation with no more than "failed to create context".
  if (error instanceof InsufficientMemoryError || /insufficient|not enough|out of memory|alloc|create context/i.test(`${said}\n${log}`)) {
    return memoryLow(path, cause);
  }
  return modelInvalid(path, cause);
}

const withLog = (error: unknown, log: string) => (log === "" ? error : new Error(`llama.cpp: ${log}`, { cause: error }));
