import { Menu } from "@base-ui/react/menu";
import { BookOpen, Check, ChevronDown, X } from "lucide-react";
import { Button } from "../../../components/button.tsx";

import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import type { ChosenCollections } from "./use-chosen-collections.ts";

/** Which collections an answer may read: each is named, and a click on it leaves it out. */
export function CollectionPicker({ chosen: { all, collections, choose } }: { chosen: ChosenCollections }) {
  const say = useWords(messages);
  const ids = collections.map(({ id }) => id);
  const without = (id: string) => ids.filter((one) => one !== id);
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          disabled={all.length === 0}
          render={
            <Button look="quiet">
              <BookOpen aria-hidden size={14} strokeWidth={1.5} />
              {collections.length === 0 ? say("noSources") : say("sources")}
              <ChevronDown aria-hidden size={14} strokeWidth={1.5} />
            </Button>
          }
        />
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="start" className="z-50">
            <Menu.Popup
              aria-label={say("collectionsToRead")}
              className="max-h-72 min-w-60 overflow-y-auto rounded-panel bg-bg2 p-1 shadow-float"
            >
              {all.map(({ id, name, documents }) => (
                <Menu.CheckboxItem
                  key={id}
                  checked={ids.includes(id)}
                  closeOnClick={false}
                  onCheckedChange={(checked) => choose(checked ? [...ids, id] : without(id))}
                  className="flex h-8 items-center gap-2 rounded-input px-2 data-[highlighted]:bg-bg3"
                >
                  <span className="flex size-4 items-center justify-center rounded-input border border-control">
                    <Menu.CheckboxItemIndicator>
                      <Check aria-hidden size={12} strokeWidth={2} />
                    </Menu.CheckboxItemIndicator>
                  </span>
                  <span className="min-w-0 flex-1 truncate">{name}</span>
                  <span className="tnum text-fg3">{say("documents", { count: documents })}</span>
                </Menu.CheckboxItem>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {collections.map(({ id, name }) => (
        <Button
          key={id}
          look="quiet"
          aria-label={say("leaveOut", { name })}
          onClick={() => choose(without(id))}
          className="border-line text-fg"
        >
          <span className="max-w-40 truncate">{name}</span>
          <X aria-hidden size={12} strokeWidth={1.5} />
        </Button>
      ))}
    </>
  );
}
