import { Tabs } from "@base-ui/react/tabs";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearchParams } from "react-router";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { formatBytes, formatCount } from "../../components/format.ts";
import { ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { AddSources } from "./add-sources.tsx";
import { CollectionJobs } from "./collection-jobs.tsx";
import { DocumentTable } from "./document-table.tsx";
import { SearchPanel } from "./search-panel.tsx";

const tab = "label h-8 border-b-2 border-transparent px-2 text-fg2 hover:text-fg data-[active]:border-accent data-[active]:text-fg";

/** One collection: its documents and their states, or a search in them. */
export function CollectionView({ collection }: { collection: Collection }) {
  const { client, orpc, cache } = useCroft();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const { id, name, documents, chunks, bytes } = collection;

  const sync = useMutation({ mutationFn: () => client.knowledge.sync({ collection: id }) });
  const remove = useMutation({
    mutationFn: () => client.knowledge.removeCollection({ collection: id }),
    onSuccess: async () => {
      await navigate("/knowledge");
      await cache.invalidateQueries({ queryKey: orpc.knowledge.key() });
    },
  });
  const problem = sync.error ?? remove.error;

  return (
    <AddSources collection={collection}>
      <PageHeader
        title={name}
        facts={`${formatCount(documents, "document")} · ${formatCount(chunks, "passage")} · ${formatBytes(bytes)}`}
        actions={
          <>
            <Button onClick={() => sync.mutate()} disabled={sync.isPending || collection.sources === 0}>
              Look again
            </Button>
            <Confirm
              trigger={<Button look="quiet">Remove</Button>}
              title={`Remove “${name}”?`}
              text="Its index is deleted. The files themselves stay where they are, and conversations keep their quotes."
              action="Remove collection"
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
      <Tabs.Root
        value={params.get("tab") === "search" ? "search" : "documents"}
        onValueChange={(value) => setParams(value === "search" ? { tab: "search" } : {}, { replace: true })}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List className="flex gap-2 border-b border-line px-4">
          <Tabs.Tab value="documents" className={tab}>
            Documents
          </Tabs.Tab>
          <Tabs.Tab value="search" className={tab}>
            Search
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="documents" className="flex min-h-0 flex-1 flex-col">
          <DocumentTable collection={collection} />
        </Tabs.Panel>
        <Tabs.Panel value="search" className="flex min-h-0 flex-1 flex-col">
          <SearchPanel collection={collection} />
        </Tabs.Panel>
      </Tabs.Root>
    </AddSources>
  );
}
