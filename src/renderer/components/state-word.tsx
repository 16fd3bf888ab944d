import type { LucideIcon } from "lucide-react";
import { Ban, Check, Circle, CircleDashed, CircleX, LoaderCircle, Minus, Pause, TriangleAlert } from "lucide-react";
import { useWords } from "../i18n/use-words.ts";
import { messages } from "./messages.ts";

/** Every state is an icon and a word; colour only repeats it. */
const states = {
  indexed: { icon: Check, tone: "text-fg2" },
  pending: { icon: CircleDashed, tone: "text-fg3" },
  skipped: { icon: Minus, tone: "text-fg3" },
  failed: { icon: CircleX, tone: "text-danger" },
  unavailable: { icon: TriangleAlert, tone: "text-fg" },
  queued: { icon: CircleDashed, tone: "text-fg3" },
  running: { icon: LoaderCircle, tone: "text-accent" },
  paused: { icon: Pause, tone: "text-fg2" },
  done: { icon: Check, tone: "text-fg2" },
  cancelled: { icon: Ban, tone: "text-fg3" },
  installed: { icon: Check, tone: "text-fg2" },
  partial: { icon: CircleDashed, tone: "text-fg" },
  missing: { icon: Circle, tone: "text-fg3" },
} as const satisfies Record<string, { icon: LucideIcon; tone: string }>;

export type StateName = keyof typeof states;

export function StateWord({ state }: { state: StateName }) {
  const say = useWords(messages);
  const { icon: Icon, tone } = states[state];
  return (
    <span className={`inline-flex items-center gap-1.5 align-middle whitespace-nowrap ${tone}`}>
      <Icon aria-hidden size={14} strokeWidth={1.5} className={state === "running" ? "motion-safe:animate-spin" : undefined} />
      {say(state)}
    </span>
  );
}
