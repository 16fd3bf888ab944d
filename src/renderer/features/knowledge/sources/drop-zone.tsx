import type { DragEvent, ReactNode } from "react";
import { useState } from "react";
import { desktopHost } from "../../../api/host.ts";

export type DropZoneProps = { title: string; onPaths(paths: string[]): void; onRefused(): void; children: ReactNode };

/**
 * Takes files and folders that are dropped anywhere on what it encloses, by their paths. A browser is given no paths
 * of them: there it says so, and the path field is the way.
 */
export function DropZone({ title, onPaths, onRefused, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const host = desktopHost();
    const paths = host ? [...event.dataTransfer.files].map((file) => host.pathForFile(file)).filter(Boolean) : [];
    if (paths.length > 0) onPaths(paths);
    else onRefused();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping has a twin for the keyboard: the path field
    <div
      className="relative flex min-h-0 min-w-0 flex-1"
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={(event) =>
        event.currentTarget.contains(event.relatedTarget instanceof Node ? event.relatedTarget : null) || setOver(false)
      }
      onDrop={drop}
    >
      {children}
      {over && (
        <div
          aria-hidden
          className="pointer-events-none absolute inset-2 z-30 flex items-center justify-center rounded-panel border-2 border-dashed border-accent bg-bg0/80 text-16"
        >
          {title}
        </div>
      )}
    </div>
  );
}
