import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { Message } from "../../../shared/contract/chat.ts";
import type { Passage } from "../../../shared/contract/search.ts";
import { useCroft } from "../../api/use-croft.ts";
import { PassageRow } from "../../components/passage-row.tsx";
import { useReader } from "../../view/reader-store.ts";
import { passageEvidence } from "../reader/evidence.ts";
import { AnswerActions } from "./answer-actions.tsx";
import { AnswerFooter } from "./answer-footer.tsx";
import type { Turns } from "./use-turns.ts";

export type RefusalProps = { question: string; passages: Passage[] | undefined; message?: Message; turns?: Turns };

/** The documents hold no answer, and this says so; the nearest passages are shown so that it can be judged. */
export function Refusal({ question, passages: known, message, turns }: RefusalProps) {
  const { orpc } = useCroft();
  const open = useReader((reader) => reader.open);
  // Only the window that asked still has them; another one looks again, in the same collections.
  const threadId = message?.answer?.thread ?? "";
  const collections = useQuery(orpc.chat.getThread.queryOptions({ input: { id: threadId }, enabled: threadId !== "" })).data?.thread
    .collections;
  const search = useQuery(
    orpc.knowledge.search.queryOptions({
      input: { query: question, collections: collections ?? [], limit: 5 },
      enabled: known === undefined && collections !== undefined,
    }),
  );
  const passages = known ?? search.data?.results ?? [];
  const evidence = passages.map(passageEvidence);
  return (
    <article data-message tabIndex={-1} aria-label="Answer" className="flex flex-col gap-3">
      <div className="flex items-start gap-2">
        <SearchX aria-hidden size={16} strokeWidth={1.5} className="mt-1 text-fg2" />
        <div>
          <p className="text-15 font-title">Not in your sources</p>
          <p className="text-fg2">No passage holds an answer to this. {passages.length > 0 && "The closest ones are below."}</p>
        </div>
      </div>
      {passages.length > 0 && (
        <section aria-label="Closest passages" className="border-l-2 border-line pl-2">
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
        {message && turns && <AnswerActions message={message} turns={turns} />}
      </AnswerFooter>
    </article>
  );
}
