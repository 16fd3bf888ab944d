import { Tabs } from "@base-ui/react/tabs";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { formatBytes } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { AddSources, type AddSourcesProps } from "./sources/add-sources.tsx";
import { ChangeEmbedder } from "./change-embedder.tsx";
import { CollectionJobs } from "./collection-jobs.tsx";
import { DocumentTable } from "./documents/document-table.tsx";
import { messages } from "./messages.ts";
import { Playground } from "./search/playground.tsx";
import { ReportPanel } from "./report/report-panel.tsx";
import { SearchPanel } from "./search/search-panel.tsx";
import { SourceList } from "./sources/source-list.tsx";

const tab = "label h-8 border-b-2 border-transparent px-2 text-fg2 hover:text-fg data-[active]:border-accent data-[active]:text-fg";
const panel = "flex min-h-0 flex-1 flex-col";

/** What can be seen of a collection, by the address. */
const views = [
  { id: "documents", title: "documents", View: DocumentTable },
  { id: "search", title: "search", View: SearchPanel },
  { id: "compare", title: "compareRankings", View: Playground },
  { id: "sources", title: "sources", View: SourceList },
  { id: "report", title: "report", View: ReportPanel },
] as const;

/** One collection: its documents, searches in them, what it was given and what became of that. */
export function CollectionView({ collection, adding, refused }: AddSourcesProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const { id, name, documents, chunks, bytes } = collection;
  const shown = views.find((view) => view.id === params.get("tab"))?.id ?? "documents";

  const sync = useMutation({ mutationFn: () => client.knowledge.sync({ collection: id }) });
  const remove = useMutation({
    mutationFn: () => client.knowledge.removeCollection({ collection: id }),
    onSuccess: async () => {
      await navigate("/knowledge");
      await cache.invalidateQueries({ queryKey: orpc.knowledge.key() });
    },
  });
  const problem = sync.error ?? remove.error;
  /** A query is kept from one way of searching to the other. */
  const paramsOf = (view: unknown): Record<string, string> => {
    const query = params.get("q");
    const searches = view === "search" || view === "compare";
    return { ...(view === "documents" ? {} : { tab: String(view) }), ...(searches && query ? { q: query } : {}) };
  };

  return (
    <>
      <PageHeader
        title={name}
        facts={[say("documentCount", { count: documents }), say("passageCount", { count: chunks }), formatBytes(bytes)].join(" · ")}
        actions={
          <>
            <Button onClick={() => sync.mutate()} disabled={sync.isPending || collection.sources === 0}>
              {say("lookAgain")}
            </Button>
            <ChangeEmbedder collection={collection} />
            <Confirm
              trigger={<Button look="quiet">{say("remove")}</Button>}
              title={say("removeQuestion", { name })}
              text={say("itsIndexDeletedFiles")}
              action={say("removeCollection")}
              onConfirm={() => remove.mutate()}
            />
          </>
        }
      />
      {problem && (
        <div className="p-4">
          <ErrorNotice error={problem} />
        </div>
      )}
      <CollectionJobs />
      <Tabs.Root value={shown} onValueChange={(value) => setParams(paramsOf(value), { replace: true })} className={panel}>
        <Tabs.List className="flex shrink-0 gap-2 overflow-x-auto border-b border-line px-4">
          {views.map((view) => (
            <Tabs.Tab key={view.id} value={view.id} className={`${tab} shrink-0`}>
              {say(view.title)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {views.map(({ id: view, View }) => (
          <Tabs.Panel key={view} value={view} className={panel}>
            <View collection={collection} />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      <AddSources collection={collection} adding={adding} refused={refused} />
    </>
  );
}
