import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Info } from "lucide-react";
import { useCroft } from "../../api/use-croft.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { type Evidence, useReader } from "../../view/reader-store.ts";
import { DeletedQuote, isDeleted } from "./deleted-quote.tsx";
import { DocumentText } from "./document-text.tsx";
import { messages } from "./messages.ts";
import { pageViewCode } from "./page-view-code.ts";
import { readerNotes } from "./reader-notes.ts";
import { ReaderToolbar } from "./reader-toolbar.tsx";

/** A document at its evidence: its pages as they look where the file has some, its stored text otherwise. */
export function DocumentView({ evidence }: { evidence: Evidence }) {
  const say = useWords(messages);
  const { client, orpc } = useCroft();
  const { view, zoom, chunks } = useReader();
  const { document: reference, textHash, start, end, page, boxes } = evidence;
  // Asked again at each opening: the file may have gone since the page was made ready.
  const layout = useQuery(orpc.reading.layout.queryOptions({ input: { documentId: reference.id }, staleTime: 0 }));
  const marks = useQuery({
    ...orpc.reading.marks.queryOptions({ input: { textHash, start: start ?? 0, end: end ?? 0 } }),
    enabled: start !== undefined && end !== undefined,
    // A citation comes with its place: it is marked while core looks for the rest.
    ...(page !== undefined && boxes && boxes.length > 0 ? { placeholderData: [{ page, boxes }] } : {}),
  });
  const [seen, setSeen] = useState(page ?? 1);
  const [asked, setAsked] = useState<{ page: number; of: Evidence }>();
  const showInFolder = useMutation({ mutationFn: () => client.reading.showInFolder({ documentId: reference.id }) });
  // While core says how the document is laid out.
  const code = useQuery(pageViewCode);
  // A page that was asked for beside other evidence is forgotten.
  const wanted = asked?.of === evidence ? asked : undefined;

  if (layout.error && isDeleted(layout.error)) return <DeletedQuote evidence={evidence} />;
  if (layout.error)
    return (
      <div className="p-4">
        <ErrorNotice error={layout.error} onRetry={() => void layout.refetch()} />
      </div>
    );
  if (!layout.data) return <SkeletonRows rows={14} label={say("loadingTheDocument")} />;
  const { data } = layout;
  const asPages = data.drawable && data.original === "present" && view === "page";
  const at = asPages ? undefined : wanted && data.pages.find((one) => one.page === wanted.page);
  const shownPage = asPages ? seen : (wanted?.page ?? page ?? 1);
  return (
    <>
      <ReaderToolbar
        layout={data}
        evidence={evidence}
        asPages={asPages}
        page={shownPage}
        onGo={(next) => setAsked({ page: next, of: evidence })}
        onShowInFolder={() => showInFolder.mutate()}
      />
      {showInFolder.error && (
        <div className="p-2">
          <ErrorNotice error={showInFolder.error} />
        </div>
      )}
      {readerNotes(data, shownPage, say).map((note) => (
        <p key={note} className="flex items-start gap-2 border-b border-line px-4 py-1.5 text-12 text-fg2">
          <Info aria-hidden size={14} strokeWidth={1.5} className="mt-px shrink-0" />
          {note}
        </p>
      ))}
      {asPages ? (
        code.data ? (
          <code.data.PageView layout={data} evidence={evidence} marks={marks.data} zoom={zoom} wanted={wanted} onPage={setSeen} />
        ) : code.error ? (
          <div className="p-4">
            <ErrorNotice error={code.error} onRetry={() => void code.refetch()} />
          </div>
        ) : (
          <SkeletonRows rows={14} label={say("loadingThePages")} />
        )
      ) : (
        <DocumentText key={`${textHash}:${start}:${end}:${at?.start}`} evidence={evidence} at={at} showChunks={chunks} />
      )}
    </>
  );
}
