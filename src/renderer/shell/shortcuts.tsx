import { useWords } from "../i18n/use-words.ts";
import type { Command } from "./commands.ts";
import { showKeys } from "./keys.ts";
import { messages } from "./messages.ts";
import { Overlay } from "./overlay.tsx";

/** Keys that belong to one workspace, beside those of the frame. */
const elsewhere: Record<string, [string, string][]> = {
  "In a conversation": [
    ["Enter", "Send"],
    ["Shift+Enter", "New line"],
    ["↑", "Edit the last question, from an empty field"],
    ["Mod+.", "Stop the answer"],
    ["Esc", "Stop the answer, close the reader, or leave the field for the messages"],
    ["J / K", "Next or previous message"],
    ["← / →", "Previous or next version of a message"],
    ["E", "Edit the question"],
    ["R", "Answer again"],
    ["C", "Copy the message, an answer with its footnotes"],
    ["T", "What was read for an answer"],
    ["F", "Fork the conversation at an answer"],
    ["Mod+F", "Find in the conversation"],
    ["[ / ]", "Open the evidence"],
  ],
  "In the reader": [
    ["[ / ]", "Previous or next evidence"],
    ["T", "Page or text"],
    ["+ / -", "Larger or smaller paper"],
    ["0", "As wide as the reader"],
    ["Esc", "Close"],
  ],
  "In a table": [
    ["/", "Filter"],
    ["↑ / ↓", "Move"],
    ["Enter", "Open"],
  ],
};

/** Every key there is. */
export function Shortcuts({ commands }: { commands: readonly Command[] }) {
  const say = useWords(messages);
  return (
    <Overlay name="shortcuts" title={say("shortcuts")} place="top">
      <ShortcutList commands={commands} />
    </Overlay>
  );
}

/** The keys of the frame from its commands, then those of each place. */
export function ShortcutList({ commands }: { commands: readonly Command[] }) {
  const say = useWords(messages);
  const rows: [string, string][] = commands.flatMap(({ keys, title }) => (keys ? [[keys, title] satisfies [string, string]] : []));
  return (
    <div className="grid gap-5 p-4">
      {Object.entries({ [say("everywhere")]: rows, ...elsewhere }).map(([group, entries]) => (
        <section key={group}>
          <h3 className="label mb-1 text-fg3">{group}</h3>
          <dl className="grid grid-cols-[8rem_1fr] gap-y-1">
            {entries.map(([keys, title]) => (
              <div key={keys + title} className="contents">
                <dt>
                  <kbd className="tnum">{showKeys(keys)}</kbd>
                </dt>
                <dd>{title}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
