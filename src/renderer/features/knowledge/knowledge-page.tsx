import { Navigate, useParams, useSearchParams } from "react-router";
import { useCollections } from "../../api/hooks.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { ReaderPanel } from "../reader/reader-panel.tsx";
import { AddOpened } from "./add-opened.tsx";
import { CollectionList } from "./collection-list.tsx";
import { CollectionView } from "./collection-view.tsx";
import { CreateCollection } from "./create-collection.tsx";

/** Collections, what is in them, and a search over them. */
export function KnowledgePage() {
  const { collection: id } = useParams();
  const { data, error, refetch } = useCollections();
  const chosen = data?.find((collection) => collection.id === id);
  const first = data?.[0];
  const [params] = useSearchParams();
  // What was opened from outside is asked about first; the answer leads on.
  if (id === undefined && first && !params.has("add")) return <Navigate to={`/knowledge/${first.id}`} replace />;
  return (
    <>
      <CollectionList />
      <main data-region tabIndex={-1} aria-label="Collection" className="flex min-w-0 flex-1 flex-col">
        {error ? (
          <div className="p-4">
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          </div>
        ) : !data ? (
          <SkeletonRows rows={10} label="Loading collections" />
        ) : chosen ? (
          <CollectionView key={chosen.id} collection={chosen} />
        ) : data.length === 0 ? (
          <EmptyState title="No collections yet" action={<CreateCollection />}>
            A collection holds documents that belong together. Files are read where they lie; nothing is copied, nothing leaves this
            machine.
          </EmptyState>
        ) : (
          <EmptyState title={id ? "This collection is gone" : "Choose a collection"}>
            Pick one from the list, or make a new one there.
          </EmptyState>
        )}
      </main>
      <ReaderPanel />
      {data && <AddOpened collections={data} />}
    </>
  );
}
