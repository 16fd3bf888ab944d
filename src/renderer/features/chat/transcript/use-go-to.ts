import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { useCroft } from "../../../api/use-croft.ts";
import type { Path } from "../threads/use-path.ts";

/** Neighbours that are read with a message, so that it stands among them. */
const around = 20;

/**
 * The message that the address names (`?at=…`), with its place in the branch; its branch is opened where it is another.
 * The address is cleared, so that going there again works.
 */
export function useGoTo(thread: string, path: Path): { index: number; id: string } | undefined {
  const { client, orpc, cache } = useCroft();
  const [params, setParams] = useSearchParams();
  const [place, setPlace] = useState<{ index: number; id: string }>();
  const id = params.get("at");
  const { cover } = path;

  useEffect(() => {
    if (id === null) return;
    const find = async () => {
      const read = () => client.chat.getPath({ id: thread, around: id, limit: around });
      const indexIn = ({ messages, start }: Awaited<ReturnType<typeof read>>) => {
        const at = messages.findIndex((message) => message.id === id);
        return at < 0 ? undefined : start + at;
      };
      let index = indexIn(await read());
      if (index === undefined) {
        await client.chat.selectLeaf({ id: thread, leaf: id, follow: true });
        index = indexIn(await read());
        await cache.invalidateQueries({ queryKey: orpc.chat.getPath.key() });
      }
      if (index !== undefined) {
        cover(index, index);
        setPlace({ index, id });
      }
    };
    void find().catch(() => undefined);
    setParams({}, { replace: true });
    // The rest is the same for the life of the view, or follows from these two.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id, thread]);
  return place;
}
