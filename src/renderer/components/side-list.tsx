import type { ReactNode } from "react";
import { PanelEdge } from "./panel-edge.tsx";
import { listBounds } from "./panel-width.ts";
import { usePanelWidth } from "./use-panel-width.ts";
import { useReader } from "../view/reader-store.ts";
import { useLayout } from "../view/layout-store.ts";

/** The context list at the left of a workspace; hidden with `Mod+B`. */
export function SideList({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const open = useLayout(({ listOpen }) => listOpen);
  // Where there is no room for three columns, the list makes way for the evidence.
  const reading = useReader(({ evidence }) => evidence.length > 0);
  const width = usePanelWidth("list");
  if (!open) return null;
  return (
    <nav
      data-region
      tabIndex={-1}
      aria-label={title}
      style={{ width: width.chosen }}
      className={`relative flex w-60 max-w-[50%] shrink-0 flex-col border-e border-line bg-bg1 xl:w-64 ${reading ? "max-xl:hidden" : ""}`}
    >
      <div className="flex h-12 shrink-0 items-center justify-between gap-2 border-b border-line pe-2 ps-4">
        <h2 className="label text-fg2">{title}</h2>
        {action}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto py-1">{children}</div>
      <PanelEdge panel={title} side="end" bounds={listBounds} width={width} />
    </nav>
  );
}
