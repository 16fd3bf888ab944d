import { useDeferredValue, useId, useMemo, useState } from "react";
import { useWords } from "../i18n/use-words.ts";
import { useOverlay } from "../view/layout-store.ts";
import type { Command } from "./commands.ts";
import { showKeys } from "./keys.ts";
import { messages } from "./messages.ts";
import { Overlay } from "./overlay.tsx";
import { rankCommands } from "./rank-commands.ts";
import { useObjects } from "./use-objects.ts";

/** As many rows as are drawn; a name that is not among them is found by more of its letters. */
const mostShown = 60;

/** Everything that can be done or opened, found by typing. */
export function Palette({ commands }: { commands: readonly Command[] }) {
  const say = useWords(messages);
  return (
    <Overlay name="palette" title={say("allCommands")} place="top">
      <PaletteBody commands={commands} />
    </Overlay>
  );
}

function PaletteBody({ commands }: { commands: readonly Command[] }) {
  const say = useWords(messages);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  // Thousands of names are ranked behind what is typed, so that a key is never late.
  const objects = useDeferredValue(useObjects(), none);
  const all = useMemo(() => [...commands.filter(({ id }) => id !== "palette"), ...objects], [commands, objects]);
  const found = useMemo(
    () => (query.trim() === "" ? all.slice(0, commands.length - 1) : rankCommands(all, query)).slice(0, mostShown),
    [all, commands, query],
  );
  const at = Math.min(active, found.length - 1);

  const run = (command: Command | undefined) => {
    if (!command) return;
    useOverlay.getState().hide();
    command.run();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      const next = (at + step + found.length) % found.length;
      setActive(next);
      document.getElementById(`${listId}-${found[next]?.id}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <>
      <input
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[at] ? `${listId}-${found[at].id}` : undefined}
        aria-label={say("findCommand")}
        placeholder={say("goOrDo")}
        value={query}
        onChange={(event) => (setQuery(event.target.value), setActive(0))}
        onKeyDown={onKeyDown}
        className="h-12 w-full border-b border-line bg-transparent px-4 text-14 outline-none placeholder:text-fg3"
      />
      <div id={listId} role="listbox" aria-label={say("commands")} className="p-1">
        {found.map((command, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are handled by the field above, which keeps the focus
          <div
            key={command.id}
            id={`${listId}-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => run(command)}
            onMouseMove={() => setActive(index)}
            className={`flex h-8 items-center gap-3 rounded-input px-3 ${index === at ? "bg-bg3" : ""}`}
          >
            <span className="min-w-0 flex-1 truncate">{command.title}</span>
            <span className="text-11 text-fg3">{command.group}</span>
            <kbd className="tnum w-16 text-end text-fg3">{command.keys ? showKeys(command.keys) : ""}</kbd>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="px-4 pb-4 text-fg2">{say("noCommand")}</p>}
    </>
  );
}

const none: Command[] = [];
