import { PreviewCard } from "@base-ui/react/preview-card";
import type { Citation } from "../../../../shared/contract/chat.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { messages as common } from "../../../components/messages.ts";
import { passagePlace } from "../../../components/passage-row.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { useReader } from "../../../view/reader-store.ts";
import { citationEvidence } from "../../reader/evidence.ts";
import { warmPage } from "../../reader/warm-page.ts";
import { messages } from "../messages.ts";

/** The number of a citation: hover or focus shows the quote, a click or Enter opens its place in the document. */
export function CitationChip({ citation, all }: { citation: Citation; all: Citation[] }) {
  const say = useWords(messages);
  const open = useReader((reader) => reader.open);
  const croft = useCroft();
  const warm = () => void warmPage(croft, citationEvidence(citation));
  const place = passagePlace({ document: citation.document, chunk: { ...citation.chunk, page: citation.page } }, useWords(common));
  return (
    <PreviewCard.Root>
      <PreviewCard.Trigger
        delay={150}
        closeDelay={150}
        // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the trigger gives it its label
        render={<button type="button" />}
        onPointerEnter={warm}
        onFocus={warm}
        onClick={() => open(all.map(citationEvidence), all.indexOf(citation))}
        aria-label={say("citation", { n: citation.n, place })}
        data-key="evidence"
        className="tnum relative inline-flex h-5 min-w-5 items-center justify-center after:absolute after:-inset-0.5 rounded-input border border-source px-1 text-source hover:bg-source-fill hover:text-fg"
      >
        {citation.n}
      </PreviewCard.Trigger>
      <PreviewCard.Portal>
        <PreviewCard.Positioner sideOffset={6} className="z-50">
          <PreviewCard.Popup className="w-96 max-w-[calc(100vw-2rem)] rounded-panel bg-bg2 p-3 text-fg shadow-float">
            <p className="truncate text-12 text-fg2">{place}</p>
            <blockquote className="mt-1 line-clamp-4 border-s-2 border-source ps-2 text-13 break-words">{citation.quote}</blockquote>
            <p className="mt-2 text-11 text-fg3">{citation.deleted ? say("documentDeletedQuoteKept") : say("enterOrClick")}</p>
          </PreviewCard.Popup>
        </PreviewCard.Positioner>
      </PreviewCard.Portal>
    </PreviewCard.Root>
  );
}
