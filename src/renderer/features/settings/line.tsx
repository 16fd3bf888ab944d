import type { ReactNode } from "react";

export type LineProps = {
  title: string;
  note?: ReactNode;
  children: ReactNode;
  /** The way back to the default. */
  back?: ReactNode;
  /** Its field stands below: a path needs the whole width. */
  below?: boolean;
};

/** One line of the settings: what it is, its field, the way back. */
export function Line({ title, note, children, back, below = false }: LineProps) {
  return (
    <div className="grid grid-cols-[1fr_18rem_1.75rem] items-center gap-3 border-b border-line/60 py-2 max-md:grid-cols-[1fr_1.75rem]">
      <div className={below ? "col-span-full min-w-0" : "min-w-0 max-md:col-span-2"}>
        <p>{title}</p>
        {note && <p className="text-12 break-words text-fg3">{note}</p>}
      </div>
      <div className={`flex min-w-0 items-center gap-2 ${below ? "col-span-2 max-md:col-span-1" : ""}`}>{children}</div>
      {back ?? <span />}
    </div>
  );
}

/** A part of the settings page; its name is what a search finds it by. */
export function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="pt-5">
      <h2 className="border-b border-line pb-1 font-title">{title}</h2>
      {note && <p className="py-2 text-fg2">{note}</p>}
      {children}
    </section>
  );
}

/** Whether a text holds every word that is looked for. */
export function holds(text: string, wanted: string): boolean {
  const lower = text.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
