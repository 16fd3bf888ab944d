import { useWords } from "../i18n/use-words.ts";
import type { Command } from "./commands.ts";
import { showKeys } from "./keys.ts";
import { messages } from "./messages.ts";
import { Overlay } from "./overlay.tsx";

/** Keys that belong to one workspace, beside those of the frame. */
const elsewhere = [
  [
    "keys.conversationKeys",
    [
      ["Enter", "key.send"],
      ["Shift+Enter", "key.newLine"],
      ["↑", "key.editLast"],
      ["Mod+.", "key.stop"],
      ["Esc", "key.stopOrLeave"],
      ["J / K", "key.message"],
      ["← / →", "key.version"],
      ["E", "key.editQuestion"],
      ["R", "key.again"],
      ["C", "key.copyMessage"],
      ["T", "key.whatWasRead"],
      ["F", "key.fork"],
      ["Mod+F", "key.find"],
      ["[ / ]", "key.evidence"],
    ],
  ],
  [
    "keys.readerKeys",
    [
      ["[ / ]", "key.stepEvidence"],
      ["T", "key.pageOrText"],
      ["+ / -", "key.paperSize"],
      ["0", "key.fitWidth"],
      ["Esc", "close"],
    ],
  ],
  [
    "keys.tableKeys",
    [
      ["/", "key.filter"],
      ["↑ / ↓", "key.move"],
      ["Enter", "key.openRow"],
    ],
  ],
] as const;

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
  const groups: [string, [string, string][]][] = [
    [say("everywhere"), rows],
    ...elsewhere.map(([group, entries]): [string, [string, string][]] => [say(group), entries.map(([keys, title]) => [keys, say(title)])]),
  ];
  return (
    <div className="grid gap-5 p-4">
      {groups.map(([group, entries]) => (
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
