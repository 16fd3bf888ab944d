import type { Child, Host } from "../../core/host.ts";
import { AppError } from "../../../shared/errors.ts";
import type { ProbeAnswer, ProbeQuestion } from "../../engines/probe.ts";

export type ProbeResult = { ok: boolean; message: string; memoryBytes?: number | undefined };

/** A model of some gigabytes is read from a slow disk in less; a file that hangs native code is given up. */
const defaultTimeoutMs = 180_000;

/**
 * Loads a model once in a process of its own and makes one token or one vector. Whatever the file does to native
 * code costs that process and nothing else. Never throws for a bad file: that is a result.
 * @throws ABORTED
 */
export async function probeModel(
  startChild: Host["startChild"],
  question: ProbeQuestion,
  options: { signal: AbortSignal; timeoutMs?: number | undefined },
): Promise<ProbeResult> {
  const { signal, timeoutMs = defaultTimeoutMs } = options;
  if (signal.aborted) throw probeStopped();
  const child = startChild({ entry: "probe", name: "croft-probe" });
  const giveUp = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const result = await answerOf(child, question, giveUp);
  if (result !== undefined) return result;
  if (signal.aborted) throw probeStopped();
  return { ok: false, message: `The model did not load within ${Math.round(timeoutMs / 1000)} s.` };
}

/** The child's answer, undefined when given up. Either way the process has ended when this resolves. */
function answerOf(child: Child, question: ProbeQuestion, giveUp: AbortSignal): Promise<ProbeResult | undefined> {
  return new Promise((resolve) => {
    let answer: ProbeResult | undefined;
    const kill = () => child.kill();
    giveUp.addEventListener("abort", kill, { once: true });
    child.onMessage((message) => {
      if (!isAnswer(message)) return;
      if (message.kind === "ready") return child.post(question);
      answer = message.result;
      // Its work is done; ending it by force spares the time of an orderly unloading.
      child.kill();
    });
    child.onExit((code) => {
      giveUp.removeEventListener("abort", kill);
      if (answer || giveUp.aborted) return resolve(answer);
      resolve({
        ok: false,
        message: `Loading the model ended the process that tried it (${code === null ? "killed" : `code ${code}`}). The file is damaged or not supported.`,
      });
    });
  });
}

function isAnswer(message: unknown): message is ProbeAnswer {
  return typeof message === "object" && message !== null && "kind" in message && (message.kind === "ready" || message.kind === "result");
}

/** Whoever asked gave up. */
export const probeStopped = () => new AppError("ABORTED", "The probe was stopped.");
