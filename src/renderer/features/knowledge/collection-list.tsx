import { Link } from "react-router";
import { useCollections } from "../../api/hooks.ts";
import { formatNumber } from "../../components/format.ts";
import { SideList } from "../../components/side-list.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { CreateCollection } from "./create-collection.tsx";
import { messages } from "./messages.ts";

/** Every collection; the one that is shown is marked. */
export function CollectionList({ chosen }: { chosen: string | undefined }) {
  const say = useWords(messages);
  const { data, error } = useCollections();
  return (
    <SideList title={say("collections")}>
      {data && data.length > 0 && (
        <div className="px-2 pb-2">
          <CreateCollection />
        </div>
      )}
      {!data && !error && <SkeletonRows rows={4} label={say("loadingCollections")} />}
      <ul>
        {data?.map(({ id, name, documents }) => (
          <li key={id} className="px-2">
            <Link
              to={`/knowledge/${id}`}
              aria-current={id === chosen ? "page" : undefined}
              className={`flex h-8 items-center gap-2 rounded-input px-2 ${id === chosen ? "bg-bg3" : "hover:bg-bg3"}`}
            >
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <span className="tnum text-fg3" title={say("documents")}>
                {formatNumber(documents)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </SideList>
  );
}
