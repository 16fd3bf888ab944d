import type { ReactNode } from "react";
import { useState } from "react";
import { useParams, useSearchParams } from "react-router";
import type { Collection } from "../../../shared/contract/knowledge.ts";
import { useCollections } from "../../api/hooks.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { ReaderPanel } from "../reader/reader-panel.tsx";
import { AddOpened } from "./sources/add-opened.tsx";
import { CollectionList } from "./collection-list.tsx";
import { CollectionView } from "./collection-view.tsx";
import { CreateCollection } from "./create-collection.tsx";
import { DropZone } from "./sources/drop-zone.tsx";
import { messages } from "./messages.ts";
import { useAddSources } from "./sources/use-add-sources.ts";

/** Collections, what is in them, and a search over them. */
export function KnowledgePage() {
  const say = useWords(messages);
  const { collection: id } = useParams();
  const { data, error, refetch } = useCollections();
  const [params] = useSearchParams();
  // Without a choice the first is shown, in place: a redirect here would end a navigation that a key began meanwhile.
  // What was opened from outside is asked about first; the answer leads on.
  const first = params.has("add") ? undefined : data?.[0];
  const chosen = id === undefined ? first : data?.find((collection) => collection.id === id);
  return (
    <>
      <Workspace key={chosen?.id} chosen={chosen}>
        {error ? (
          <div className="p-4">
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          </div>
        ) : !data ? (
          <SkeletonRows rows={10} label={say("loadingCollections")} />
        ) : data.length === 0 ? (
          <EmptyState title={say("noCollectionsYet")} action={<CreateCollection />}>
            {say("noCollectionsText")}
          </EmptyState>
        ) : (
          <EmptyState title={id ? say("collectionGone") : say("chooseACollection")}>{say("pickOneFromList")}</EmptyState>
        )}
      </Workspace>
      <ReaderPanel />
      {data && <AddOpened collections={data} />}
    </>
  );
}

/** What is dropped goes to the open collection; without one it is asked where it belongs. */
function Workspace({ chosen, children }: { chosen: Collection | undefined; children: ReactNode }) {
  const say = useWords(messages);
  const [, setParams] = useSearchParams();
  const [refused, setRefused] = useState(false);
  const adding = useAddSources();
  const take = (paths: string[]) => {
    setRefused(false);
    if (chosen) adding.mutate({ collection: chosen.id, paths });
    else setParams(paths.map((path): [string, string] => ["add", path]));
  };
  return (
    <DropZone title={chosen ? say("addTo", { name: chosen.name }) : say("addCollection")} onPaths={take} onRefused={() => setRefused(true)}>
      <CollectionList chosen={chosen?.id} />
      <main data-region tabIndex={-1} aria-label={say("collection")} className="flex min-w-0 flex-1 flex-col">
        {chosen ? (
          <CollectionView collection={chosen} adding={adding} refused={refused} />
        ) : (
          <>
            {children}
            {refused && (
              <p role="status" className="px-6 text-fg2">
                {say("browserTellsNoPathYet")}
              </p>
            )}
          </>
        )}
      </main>
    </DropZone>
  );
}
