import { Pencil } from "lucide-react";
import { useState } from "react";
import type { PathMessage } from "../../../../shared/contract/chat.ts";
import { CopyButton } from "../../../components/copy-button.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { QuestionEditor } from "./question-editor.tsx";
import type { Turns } from "./use-turns.ts";
import { VersionSwitch } from "./version-switch.tsx";

export type QuestionMessageProps = { text: string; stored?: { message: PathMessage; turns: Turns } };

/** What the person asked, as it was written; once it is stored it can be asked in other words. */
export function QuestionMessage({ text, stored }: QuestionMessageProps) {
  const say = useWords(messages);
  const [editing, setEditing] = useState(false);
  return (
    <article data-message tabIndex={-1} aria-label={say("question")} className="border-s-2 border-line py-1 ps-3">
      {editing && stored ? (
        <QuestionEditor
          text={text}
          onCancel={() => setEditing(false)}
          onAsk={(next) => {
            setEditing(false);
            stored.turns.edit(stored.message, next);
          }}
        />
      ) : (
        <>
          <h2 dir="auto" className="text-15 font-label break-words whitespace-pre-wrap">
            {text}
          </h2>
          {/* Has its height before there is anything to do, so that nothing below it moves. */}
          <div className="-ms-1.5 flex h-7 items-center">
            {stored && (
              <>
                <IconButton
                  icon={Pencil}
                  label={say("editTheQuestion")}
                  keys="E"
                  data-key="e"
                  disabled={stored.turns.busy}
                  onClick={() => setEditing(true)}
                />
                <CopyButton label={say("copyTheQuestion")} keys="C" data-key="c" text={() => text} />
                <VersionSwitch message={stored.message} onSelect={stored.turns.select} />
              </>
            )}
          </div>
        </>
      )}
    </article>
  );
}
