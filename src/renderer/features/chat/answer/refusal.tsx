import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import type { Message } from "../../../../shared/contract/chat.ts";
import type { Passage } from "../../../../shared/contract/search.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { PassageRow } from "../../../components/passage-row.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useReader } from "../../../view/reader-store.ts";
import { passageEvidence } from "../../reader/evidence.ts";
import { AnswerFooter } from "./answer-footer.tsx";
import { messages } from "../messages.ts";

export type RefusalProps = {
  /** Of this window, where it asked. */
  passages: Passage[] | undefined;
  message?: Message;
  actions?: ReactNode;
  children?: ReactNode;
};

/** The documents hold no answer, and this says so; the nearest passages are shown so that it can be judged. */
export function Refusal({ passages: known, message, actions, children }: RefusalProps) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const open = useReader((reader) => reader.open);
  const isStored = known === undefined && message !== undefined;
  const trace = useQuery(orpc.chat.trace.queryOptions({ input: { message: message?.id ?? "" }, enabled: isStored }));
  const passages = known ?? trace.data?.passages ?? [];
  const evidence = passages.map(passageEvidence);
  return (
    <article data-message tabIndex={-1} aria-label={say("answer")} className="flex flex-col gap-3">
      <div className="flex items-start gap-2">
        <SearchX aria-hidden size={16} strokeWidth={1.5} className="mt-1 text-fg2" />
        <div>
          <p className="text-15 font-title">{say("notYourSources")}</p>
          <p className="text-fg2">
            {say("noPassageHolds")} {passages.length > 0 && say("closestOnesBelow")}
          </p>
        </div>
      </div>
      {passages.length > 0 && (
        <section aria-label={say("closestPassages")} className="border-s-2 border-line ps-2">
          <ol>
            {passages.slice(0, 5).map((passage, index) => (
              <li key={passage.chunk.id}>
                <PassageRow passage={passage} lines={3} onOpen={() => open(evidence, index)} />
              </li>
            ))}
          </ol>
        </section>
      )}
      <AnswerFooter state={message?.state ?? "done"} model={undefined} timings={message?.answer?.timings} usage={undefined}>
        {actions}
      </AnswerFooter>
      {children}
    </article>
  );
}
