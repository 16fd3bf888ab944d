import { Tooltip } from "@base-ui/react/tooltip";
import { Cpu, ListChecks, MemoryStick, ShieldCheck } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { formatBytes } from "../components/format.ts";
import { tooltipPopup } from "../components/tooltip.tsx";
import { useJobs, useModels, useSystemInfo, useTextSetting } from "../api/hooks.ts";
import { isOver } from "../api/live.ts";
import { useWords } from "../i18n/use-words.ts";
import { useConnection } from "../view/connection-store.ts";
import { useOverlay } from "../view/layout-store.ts";
import { messages } from "./messages.ts";

const icon = { "aria-hidden": true, size: 14, strokeWidth: 1.5 } as const;

/** The bottom line: is anything running, is anything leaving this machine. */
export function StatusBar() {
  const say = useWords(messages);
  return (
    <div
      role="contentinfo"
      aria-label={say("status")}
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
  const say = useWords(messages);
  const id = useTextSetting("models.chat");
  const models = useModels().data;
  const engine = useSystemInfo().data?.engines.find(({ name }) => name === "generation");
  const model = models?.find((one) => one.id === id || one.id === id?.replace(/^local:/, ""));
  if (!id) return null;
  const state = model?.state === "installed" ? (engine?.state ?? "ready") : models ? say("noModel") : "…";
  return (
    <span className="flex items-center gap-1.5 truncate">
      <Cpu {...icon} />
      <span className="truncate">{model?.name ?? id}</span>
      <span className="text-fg3">{state}</span>
    </span>
  );
}

function Memory() {
  const say = useWords(messages);
  const memory = useSystemInfo().data?.memory;
  if (!memory) return null;
  return (
    <Hint text={say("memory", { core: formatBytes(memory.core), free: formatBytes(memory.free), total: formatBytes(memory.total) })}>
      <span className="tnum flex items-center gap-1.5">
        <MemoryStick {...icon} />
        {formatBytes(memory.core)}
      </span>
    </Hint>
  );
}

function Connection() {
  const say = useWords(messages);
  const state = useConnection((connection) => connection.state);
  return state === "connected" ? null : <span role="status">{say(state)}</span>;
}

function RunningJobs() {
  const say = useWords(messages);
  const show = useOverlay((overlay) => overlay.show);
  const running = useJobs().data?.filter((job) => !isOver(job)) ?? [];
  return (
    <button
      type="button"
      onClick={() => show("jobs")}
      className="flex h-6 items-center gap-1.5 rounded-input px-1 hover:bg-bg3 hover:text-fg"
    >
      <ListChecks {...icon} />
      {running.length === 0 ? say("noJobs") : running.length === 1 ? say("oneJob") : say("manyJobs", { count: running.length })}
    </button>
  );
}

function Privacy() {
  const say = useWords(messages);
  const offline = useSystemInfo().data?.offline;
  return (
    <Hint text={offline ? say("offlineNote") : say("localNote")}>
      <span className="flex items-center gap-1.5 text-fg">
        <ShieldCheck {...icon} />
        {say(offline ? "offline" : "local")}
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
