import type { WireError } from "../../shared/errors.ts";

/** What the host sends to an engine. `id` names a call within one generation. */
export type ToEngine =
  | { kind: "start"; config: unknown }
  | { kind: "call"; id: number; method: string; input: unknown }
  | { kind: "abort" | "pause" | "resume"; id: number }
  | { kind: "stop" };

/** What an engine sends to its host. `detail` is a stack for the log; it never reaches a caller. */
export type FromEngine =
  | { kind: "started" }
  | { kind: "startFailed"; error: WireError; detail?: string }
  | { kind: "item"; id: number; item: unknown }
  | { kind: "done"; id: number; output: unknown }
  | { kind: "failed"; id: number; error: WireError; detail?: string }
  /** The call waits at a checkpoint and takes no cores until it is resumed. */
  | { kind: "paused"; id: number }
  /** An uncaught error: calls in flight are lost, the thread winds down and ends by itself. */
  | { kind: "crashed"; detail: string };

/** True for anything that has the outer shape of a message; both ends ship in one build, so the rest is trusted. */
export function isMessage(value: unknown): value is { kind: string } {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
}
