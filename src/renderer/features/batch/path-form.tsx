import { FolderPlus, X } from "lucide-react";
import type { ClipboardEvent } from "react";
import { useState } from "react";
import { desktopHost } from "../../api/host.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { toPaths } from "../knowledge/sources/patterns.ts";
import { messages } from "./messages.ts";

export type PathFormProps = { paths: readonly string[]; refused: boolean; onAdd(paths: string[]): void; onRemove(path: string): void };

/** The chosen files and folders; more by their path, several when several lines are pasted. */
export function PathForm({ paths, refused, onAdd, onRemove }: PathFormProps) {
  const say = useWords(messages);
  const [path, setPath] = useState("");
  const add = (added: string[]) => {
    onAdd(added);
    setPath("");
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = toPaths(event.clipboardData.getData("text"));
    if (pasted.length < 2) return;
    event.preventDefault();
    add(pasted);
  };
  return (
    <div className="border-b border-line bg-bg1 px-4 py-2">
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) add(toPaths(path));
        }}
      >
        <FolderPlus aria-hidden size={16} strokeWidth={1.5} className="shrink-0 text-fg3" />
        <TextField
          label={say("pathFolderOr")}
          placeholder={desktopHost() ? say("pathFolderOrFile") : say("pathFolderOrFileOn")}
          value={path}
          onPaste={paste}
          onChange={(event) => setPath(event.target.value)}
        />
        <Button type="submit" disabled={!path.trim()}>
          {say("add")}
        </Button>
      </form>
      {refused && (
        <p role="status" className="mt-1 text-12 text-fg2">
          {say("browserDoesNotTell")}
        </p>
      )}
      {paths.length > 0 && (
        <ul aria-label={say("filesFoldersRead")} className="mt-1 max-h-32 overflow-y-auto">
          {paths.map((one) => (
            <li key={one} className="flex h-7 items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-mono text-12" title={one}>
                {one}
              </span>
              <IconButton icon={X} label={say("leaveOut", { one })} onClick={() => onRemove(one)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
