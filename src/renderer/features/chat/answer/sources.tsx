import { useState } from "react";
import type { Citation } from "../../../../shared/contract/chat.ts";
import type { Passage } from "../../../../shared/contract/search.ts";

import { PassageRow } from "../../../components/passage-row.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useReader } from "../../../view/reader-store.ts";
import { citationEvidence, passageEvidence } from "../../reader/evidence.ts";
import { messages } from "../messages.ts";

const shownAtFirst = 4;

export type SourcesProps = { passages: Passage[]; matched: number; citations: Citation[] };

/** What an answer read, before its first word; for an answer of an earlier visit, what it cites. */
export function Sources({ passages, matched, citations }: SourcesProps) {
  const say = useWords(messages);
  const open = useReader((reader) => reader.open);
  const [all, setAll] = useState(false);
  if (passages.length === 0) return <Cited citations={citations} />;

  const documents = new Set(passages.map(({ document }) => document.id)).size;
  const evidence = passages.map(passageEvidence);
  const more = passages.length - shownAtFirst;
  return (
    <section aria-label={say("sources")} className="border-s-2 border-source ps-2">
      <p className="label px-2 text-source">
        {say("passagesFromDocuments", {
          passages: say("passages", { count: passages.length }),
          documents: say("documents", { count: documents }),
        })}{" "}
        {matched > passages.length && <span className="text-fg3">{say("passagesMatched", { count: matched })}</span>}
      </p>
      <ol>
        {passages.slice(0, all ? undefined : shownAtFirst).map((passage, index) => (
          <li key={passage.chunk.id}>
            <PassageRow passage={passage} lines={1} onOpen={() => open(evidence, index)} />
          </li>
        ))}
      </ol>
      {more > 0 && (
        <button type="button" onClick={() => setAll(!all)} className="label h-6 rounded-input px-2 text-fg2 hover:text-fg">
          {all ? say("showFewer") : say("showMore", { more })}
        </button>
      )}
    </section>
  );
}

function Cited({ citations }: { citations: Citation[] }) {
  const say = useWords(messages);
  const open = useReader((reader) => reader.open);
  if (citations.length === 0) return null;
  const evidence = citations.map(citationEvidence);
  return (
    <section aria-label={say("sources")} className="border-s-2 border-source ps-2">
      <p className="label px-2 text-source">{say("citations", { count: citations.length })}</p>
      <ol>
        {citations.map(({ n, document, chunk, page, quote }, index) => (
          <li key={n}>
            <PassageRow
              passage={{ rank: n, score: 0, document, chunk: { ...chunk, page }, text: quote }}
              lines={1}
              onOpen={() => open(evidence, index)}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}
