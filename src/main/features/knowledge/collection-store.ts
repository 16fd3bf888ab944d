import type { Collection } from "../../../shared/contract/knowledge.ts";
import { AppError } from "../../../shared/errors.ts";
import { createId } from "../../db/id.ts";
import type { Truth } from "../../db/truth.ts";

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
  SELECT c.id, c.name, c.embedder, c.created_at,
    coalesce(held.documents, 0) AS documents, coalesce(held.chunks, 0) AS chunks, coalesce(held.bytes, 0) AS bytes,
    (SELECT count(*) FROM sources s WHERE s.collection_id = c.id) AS sources
  FROM collections c
  LEFT JOIN (
    SELECT cd.collection_id, count(*) AS documents, sum(d.chunks) AS chunks, sum(d.bytes) AS bytes
    FROM collection_documents cd JOIN documents d ON d.id = cd.document_id GROUP BY cd.collection_id
  ) held ON held.collection_id = c.id`;

export type CollectionStore = ReturnType<typeof createCollectionStore>;

/** Collections: named sets of documents that share an embedding model. */
export function createCollectionStore(truth: Truth) {
  const { db } = truth;
  const all = db.prepare<[], Row>(`${SELECT} ORDER BY c.name`);
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE c.id = ?`);
  const names = db.prepare<[], { id: string; name: string; embedder: string }>("SELECT id, name, embedder FROM collections");

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

  function create(name: string, embedder: string): Collection {
    return truth.transact((transaction) => {
      if (find(name)) throw new AppError("CONFLICT", `There is a collection “${name}” already.`);
      const id = createId(truth.now());
      db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, ?, ?)").run(id, name, embedder, truth.now());
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
      if (wanted.length === 0) return known;
      return wanted.map((nameOrId) => {
        const found = named(known, nameOrId);
        if (!found)
          throw new AppError("NOT_FOUND", `There is no collection “${nameOrId}”.`, { hint: "`croft kb list` shows the collections." });
        return found;
      });
    },
  };
}

/** The one rule for names: whatever their case and Unicode form, of every script. SQLite's NOCASE knows ASCII only. */
function named<Item extends { id: string; name: string }>(known: readonly Item[], nameOrId: string): Item | undefined {
  const key = keyOf(nameOrId);
  return known.find(({ id, name }) => id === nameOrId || name === nameOrId) ?? known.find(({ name }) => keyOf(name) === key);
}

const keyOf = (name: string) => name.normalize("NFC").toLowerCase();

function toCollection(row: Row): Collection {
  const { created_at: createdAt, ...rest } = row;
  return { ...rest, createdAt };
}
