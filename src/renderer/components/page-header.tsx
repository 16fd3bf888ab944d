import type { ReactNode } from "react";

/** The head of a workspace's main part: what is shown, its facts, and what can be done with it. */
export function PageHeader({ title, facts, actions }: { title: string; facts?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2">
      <h1 className="truncate text-16 font-title">{title}</h1>
      {facts && <p className="tnum truncate text-fg2">{facts}</p>}
      {actions && <div className="ms-auto flex items-center gap-2">{actions}</div>}
    </header>
  );
}
