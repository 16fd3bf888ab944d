import { classNames } from "./class-names.ts";

/** How far something is; without a total it says that it runs, not how far. */
export function ProgressBar({ done, total, label, className }: { done: number; total: number; label: string; className?: string }) {
  const known = total > 0;
  const part = known ? Math.min(1, done / total) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={known ? total : undefined}
      aria-valuenow={known ? done : undefined}
      className={classNames("h-1 overflow-hidden rounded-input bg-bg3", className)}
    >
      <div
        className={classNames("h-full bg-accent transition-[width] duration-150", !known && "animate-pulse")}
        style={{ width: known ? `${part * 100}%` : "100%" }}
      />
    </div>
  );
}
