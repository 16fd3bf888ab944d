import type { ReactNode } from "react";
import { useReader } from "../view/reader-store.ts";
import { useLayout } from "../view/layout-store.ts";

/** The context list at the left of a workspace; hidden with `Mod+B`. */
export function SideList({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const open = useLayout(({ listOpen }) => listOpen);
  // Where there is no room for three columns, the list makes way for the evidence.
  const reading = useReader(({ evidence }) => evidence.length > 0);
  if (!open) return null;
  return (
    <nav
      data-region
      tabIndex={-1}
      aria-label={title}
      className={`flex w-60 shrink-0 flex-col border-e border-line bg-bg1 xl:w-64 ${reading ? "max-xl:hidden" : ""}`}
    >
      <div className="flex h-12 shrink-0 items-center justify-between gap-2 border-b border-line pe-2 ps-4">
        <h2 className="label text-fg2">{title}</h2>
        {action}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto py-1">{children}</div>
    </nav>
  );
}
