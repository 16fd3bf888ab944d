import type { LucideIcon } from "lucide-react";
import { Ban, Check, Circle, CircleDashed, CircleX, LoaderCircle, Minus, Pause, TriangleAlert } from "lucide-react";

/** Every state is an icon and a word; colour only repeats it. */
const states = {
  indexed: { icon: Check, word: "Ready", tone: "text-fg2" },
  pending: { icon: CircleDashed, word: "Waiting", tone: "text-fg3" },
  skipped: { icon: Minus, word: "Skipped", tone: "text-fg3" },
  failed: { icon: CircleX, word: "Failed", tone: "text-danger" },
  unavailable: { icon: TriangleAlert, word: "Not reachable", tone: "text-fg" },
  queued: { icon: CircleDashed, word: "Queued", tone: "text-fg3" },
  running: { icon: LoaderCircle, word: "Running", tone: "text-accent" },
  paused: { icon: Pause, word: "Paused", tone: "text-fg2" },
  done: { icon: Check, word: "Done", tone: "text-fg2" },
  cancelled: { icon: Ban, word: "Cancelled", tone: "text-fg3" },
  installed: { icon: Check, word: "Installed", tone: "text-fg2" },
  partial: { icon: CircleDashed, word: "Incomplete", tone: "text-fg" },
  missing: { icon: Circle, word: "Not installed", tone: "text-fg3" },
} as const satisfies Record<string, { icon: LucideIcon; word: string; tone: string }>;

export type StateName = keyof typeof states;

export function StateWord({ state }: { state: StateName }) {
  const { icon: Icon, word, tone } = states[state];
  return (
    <span className={`inline-flex items-center gap-1.5 align-middle whitespace-nowrap ${tone}`}>
      <Icon aria-hidden size={14} strokeWidth={1.5} className={state === "running" ? "motion-safe:animate-spin" : undefined} />
      {word}
    </span>
  );
}
