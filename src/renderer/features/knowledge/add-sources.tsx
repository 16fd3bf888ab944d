import { useMutation } from "@tanstack/react-query";
import { FolderPlus } from "lucide-react";
import type { DragEvent, ReactNode } from "react";
import { useState } from "react";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import { desktopHost } from "../../api/host.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";

/**
 * Adds files and folders by path or by dropping them anywhere on what it encloses. A browser is given no paths of
 * dropped files, so there the field is the way, and it says so.
 */
export function AddSources({ collection, children }: { collection: Collection; children: ReactNode }) {
  const { client, orpc, cache } = useCroft();
  const [path, setPath] = useState("");
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState(false);
  const host = desktopHost();

  const { mutate, error, isPending } = useMutation({
    mutationFn: (paths: string[]) => client.knowledge.addSources({ collection: collection.id, paths }),
    onSuccess: () => {
      setPath("");
      void cache.invalidateQueries({ queryKey: orpc.knowledge.key() });
    },
  });

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    setRefused(!host);
    if (!host) return;
    const paths = [...event.dataTransfer.files].map((file) => host.pathForFile(file)).filter(Boolean);
    if (paths.length > 0) mutate(paths);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping has a twin for the keyboard: the path field
    <div
      className="relative flex min-h-0 flex-1 flex-col"
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={(event) =>
        event.currentTarget.contains(event.relatedTarget instanceof Node ? event.relatedTarget : null) || setOver(false)
      }
      onDrop={drop}
    >
      {children}
      <div className="border-t border-line bg-bg1 px-4 py-2">
        <form
          className="flex items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim()) mutate([path.trim()]);
          }}
        >
          <FolderPlus aria-hidden size={16} strokeWidth={1.5} className="shrink-0 text-fg3" />
          <TextField
            label="Path of a file or folder to add"
            placeholder={
              host ? "Path of a file or folder, or drop it anywhere here" : "Path of a file or folder on the machine that runs Croft"
            }
            value={path}
            onChange={(event) => setPath(event.target.value)}
          />
          <Button type="submit" look="primary" disabled={isPending || !path.trim()}>
            Add
          </Button>
        </form>
        {refused && (
          <p className="mt-1 text-12 text-fg2">
            A browser does not tell where dropped files lie. Type the path of the file or folder here.
          </p>
        )}
        {error && (
          <div className="mt-2">
            <ErrorNotice error={error} />
          </div>
        )}
      </div>
      {over && (
        <div
          aria-hidden
          className="pointer-events-none absolute inset-2 flex items-center justify-center rounded-panel border-2 border-dashed border-accent bg-bg0/80 text-16"
        >
          Add to “{collection.name}”
        </div>
      )}
    </div>
  );
}
