import { Tooltip } from "@base-ui/react/tooltip";
import { Cpu, ListChecks, MemoryStick, ShieldCheck } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { formatBytes } from "../components/format.ts";
import { tooltipPopup } from "../components/tooltip.tsx";
import { useJobs, useModels, useSystemInfo, useTextSetting } from "../api/hooks.ts";
import { isOver } from "../api/live.ts";
import { useConnection } from "../view/connection-store.ts";
import { useOverlay } from "../view/layout-store.ts";

const icon = { "aria-hidden": true, size: 14, strokeWidth: 1.5 } as const;

/** The bottom line: is anything running, is anything leaving this machine. */
export function StatusBar() {
  return (
    <div
      role="contentinfo"
      aria-label="Status"
      data-region
      tabIndex={-1}
      className="flex h-6 shrink-0 items-center gap-4 border-t border-line bg-bg1 px-3 text-11 text-fg2"
    >
      <ActiveModel />
      <Memory />
      <span className="flex-1" />
      <Connection />
      <RunningJobs />
      <Privacy />
    </div>
  );
}

function ActiveModel() {
  const id = useTextSetting("models.chat");
  const models = useModels().data;
  const engine = useSystemInfo().data?.engines.find(({ name }) => name === "generation");
  const model = models?.find((one) => one.id === id || one.id === id?.replace(/^local:/, ""));
  if (!id) return null;
  const state = model?.state === "installed" ? (engine?.state ?? "ready") : models ? "not installed" : "…";
  return (
    <span className="flex items-center gap-1.5 truncate">
      <Cpu {...icon} />
      <span className="truncate">{model?.name ?? id}</span>
      <span className="text-fg3">{state}</span>
    </span>
  );
}

function Memory() {
  const memory = useSystemInfo().data?.memory;
  if (!memory) return null;
  return (
    <Hint text={`Croft's core uses ${formatBytes(memory.core)}; ${formatBytes(memory.free)} of ${formatBytes(memory.total)} are free`}>
      <span className="tnum flex items-center gap-1.5">
        <MemoryStick {...icon} />
        {formatBytes(memory.core)}
      </span>
    </Hint>
  );
}

function Connection() {
  const state = useConnection((connection) => connection.state);
  return state === "connected" ? null : (
    <span role="status">{state === "connecting" ? "Connecting" : state === "refused" ? "Not connected" : "Reconnecting"}</span>
  );
}

function RunningJobs() {
  const show = useOverlay((overlay) => overlay.show);
  const running = useJobs().data?.filter((job) => !isOver(job)) ?? [];
  return (
    <button
      type="button"
      onClick={() => show("jobs")}
      className="flex h-6 items-center gap-1.5 rounded-input px-1 hover:bg-bg3 hover:text-fg"
    >
      <ListChecks {...icon} />
      {running.length === 0 ? "No jobs" : `${running.length} ${running.length === 1 ? "job" : "jobs"} running`}
    </button>
  );
}

function Privacy() {
  const offline = useSystemInfo().data?.offline;
  return (
    <Hint
      text={
        offline
          ? "Every network connection is forbidden by a setting"
          : "Nothing you ask or read leaves this machine. Only a model download that you start uses the network."
      }
    >
      <span className="flex items-center gap-1.5 text-fg">
        <ShieldCheck {...icon} />
        {offline ? "Local only, offline" : "Local only"}
      </span>
    </Hint>
  );
}

function Hint({ text, children }: { text: string; children: ReactNode }) {
  const trigger: ReactElement = (
    <button type="button" className="flex h-6 items-center rounded-input px-1">
      {children}
    </button>
  );
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={trigger} />
      {tooltipPopup(text, undefined, "top")}
    </Tooltip.Root>
  );
}
