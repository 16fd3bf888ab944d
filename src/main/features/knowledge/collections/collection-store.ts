import type { Collection } from "../../../../shared/contract/knowledge.ts";
import { AppError } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";

type Row = {
  id: string;
  name: string;
  embedder: string;
  created_at: number;
  documents: number;
  chunks: number;
  bytes: number;
  sources: number;
};

const SELECT = `
  SELECT c.id, c.name, c.embedder, c.created_at, c.documents, c.chunks, c.bytes,
    (SELECT count(*) FROM sources s WHERE s.collection_id = c.id) AS sources
  FROM collections c WHERE c.removed_at IS NULL`;

export type CollectionStore = ReturnType<typeof createCollectionStore>;

/** Collections: named sets of documents that share an embedding model. */
export function createCollectionStore(truth: Truth) {
  const { db } = truth;
  const all = db.prepare<[], Row>(`${SELECT} AND c.thread_id IS NULL ORDER BY c.name`);
  const byId = db.prepare<[string], Row>(`${SELECT} AND c.id = ?`);
  const names = db.prepare<[], { id: string; name: string; embedder: string; isPrivate: number }>(
    "SELECT id, name, embedder, thread_id IS NOT NULL AS isPrivate FROM collections WHERE removed_at IS NULL",
  );

  const insert = db.prepare("INSERT INTO collections (id, name, embedder, created_at, thread_id) VALUES (?, ?, ?, ?, ?)");

  function find(nameOrId: string): Collection | undefined {
    const found = named(names.all(), nameOrId);
    const row = found && byId.get(found.id);
    return row && toCollection(row);
  }

  /** By id or name. @throws NOT_FOUND */
  function get(nameOrId: string): Collection {
    const found = find(nameOrId);
    if (!found)
      throw new AppError("NOT_FOUND", `There is no collection “${nameOrId}”.`, {
        hint: "`croft kb list` shows the collections; `croft kb create NAME` makes one.",
      });
    return found;
  }

  /** `threadId` makes it private to a conversation: it is in no list, and found by its id only. */
  function create(name: string, embedder: string, threadId?: string): Collection {
    return truth.transact((transaction) => {
      if (find(name)) throw new AppError("CONFLICT", `There is a collection “${name}” already.`);
      const id = createId(truth.now());
      insert.run(id, name, embedder, truth.now(), threadId ?? null);
      transaction.event("collection.created", id);
      return get(id);
    });
  }

  return {
    find,
    get,
    create,
    list: (): Collection[] => all.all().map(toCollection),
    /** Ids and embedders of the named collections, or of all when none is named; cheap, for every search. @throws NOT_FOUND */
    resolve(wanted: readonly string[]): { id: string; name: string; embedder: string }[] {
      const known = names.all();
      const plain = ({ id, name, embedder }: (typeof known)[number]) => ({ id, name, embedder });
      if (wanted.length === 0) return known.filter(({ isPrivate }) => isPrivate === 0).map(plain);
      return wanted.map((nameOrId) => {
        const found = named(known, nameOrId);
        if (!found)
          throw new AppError("NOT_FOUND", `There is no collection “${nameOrId}”.`, { hint: "`croft kb list` shows the collections." });
        return plain(found);
      });
    },
  };
}

/** The one rule for names: whatever their case, Unicode form and outer spaces, of every script. SQLite's NOCASE knows ASCII only. */
function named<Item extends { id: string; name: string }>(known: readonly Item[], nameOrId: string): Item | undefined {
  const key = keyOf(nameOrId);
  return known.find(({ id, name }) => id === nameOrId || name === nameOrId) ?? known.find(({ name }) => keyOf(name) === key);
}

const keyOf = (name: string) => name.trim().normalize("NFC").toLowerCase();

function toCollection(row: Row): Collection {
  const { created_at: createdAt, ...rest } = row;
  return { ...rest, createdAt };
}
