import { FolderPlus } from "lucide-react";
import type { ClipboardEvent } from "react";
import { useState } from "react";
import type { Collection } from "../../../../shared/contract/knowledge.ts";
import { desktopHost } from "../../../api/host.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { LinkSource } from "./link-source.tsx";
import { messages } from "../messages.ts";
import { toPaths } from "./patterns.ts";
import type { useAddSources } from "./use-add-sources.ts";

export type AddSourcesProps = { collection: Collection; adding: ReturnType<typeof useAddSources>; refused: boolean };

/** Adds files and folders by path, several when several lines are pasted, at once or with rules. */
export function AddSources({ collection, adding, refused }: AddSourcesProps) {
  const say = useWords(messages);
  const [path, setPath] = useState("");
  const add = (paths: string[]) => adding.mutate({ collection: collection.id, paths }, { onSuccess: () => setPath("") });
  const paste = (event: ClipboardEvent) => {
    const paths = toPaths(event.clipboardData.getData("text"));
    if (paths.length < 2) return;
    event.preventDefault();
    add(paths);
  };
  return (
    <div className="border-t border-line bg-bg1 px-4 py-2">
      <div className="flex items-center gap-2">
        <form
          className="flex min-w-0 flex-1 items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim()) add(toPaths(path));
          }}
        >
          <FolderPlus aria-hidden size={16} strokeWidth={1.5} className="shrink-0 text-fg3" />
          <TextField
            label={say("pathToAdd")}
            placeholder={desktopHost() ? say("pathHint") : say("pathHintServer")}
            value={path}
            onPaste={paste}
            onChange={(event) => setPath(event.target.value)}
          />
          <Button type="submit" look="primary" disabled={adding.isPending || !path.trim()}>
            {say("add")}
          </Button>
        </form>
        {/* Beside the form, not in it: what is submitted in the dialog would submit this one, too. */}
        <LinkSource
          collection={collection}
          path={path.trim()}
          trigger={<Button>{say("addWithRules")}</Button>}
          onLinked={() => setPath("")}
        />
      </div>
      {refused && (
        <p role="status" className="mt-1 text-12 text-fg2">
          {say("browserTellsNoPath")}
        </p>
      )}
      {adding.error && (
        <div className="mt-2">
          <ErrorNotice error={adding.error} />
        </div>
      )}
    </div>
  );
}
