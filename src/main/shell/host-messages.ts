import type { WireError } from "../../shared/errors.ts";
import type { ChildSpec, HostPaths } from "../core/host.ts";
import type { LogRecord } from "../core/logger.ts";
import type { BytesRequest, CoreBytes } from "./app-protocol.ts";

/** What a host does for core by request and reply. Everything survives a structured clone. */
export type HostCalls = {
  "secrets.get": { input: { name: string }; output: string | undefined };
  "secrets.set": { input: { name: string; value: string }; output: void };
  "secrets.delete": { input: { name: string }; output: void };
  "secrets.isProtected": { input: Record<string, never>; output: boolean };
  "desktop.showInFolder": { input: { path: string }; output: void };
};

/** From the process of core to the shell. */
export type FromCore =
  /** Core listens; until then nothing is sent to it. */
  | { kind: "awake" }
  | { kind: "ready" }
  /** Core could not start, for a reason that another try does not change. */
  | { kind: "refused"; error: WireError }
  | { kind: "closed" }
  | { kind: "log"; record: LogRecord }
  | { kind: "call"; id: number; name: keyof HostCalls; input: unknown }
  | { kind: "child.start"; child: number; spec: ChildSpec }
  | { kind: "child.post"; child: number; message: unknown }
  | { kind: "child.kill"; child: number }
  | ({ kind: "bytes"; id: number } & CoreBytes);

/** From the shell to the process of core. A `window` comes with one port. */
export type ToCore =
  | { kind: "start"; paths: HostPaths; offline: boolean }
  | { kind: "window" }
  | { kind: "reply"; id: number; output: unknown }
  | { kind: "replyFailed"; id: number; error: WireError }
  | { kind: "child.started"; child: number; pid: number | undefined }
  | { kind: "child.message"; child: number; message: unknown }
  | { kind: "child.exit"; child: number; code: number | null }
  | { kind: "bytes"; id: number; request: BytesRequest }
  /** Nobody waits for these bytes any more. */
  | { kind: "bytes.drop"; id: number }
  | { kind: "close" };

/** True for the outer shape of a message; both ends ship in one build, so the rest is trusted. */
export function isKind(value: unknown): value is { kind: string } {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
}
