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
  const one = db.prepare<[string, string], Row>(`${SELECT} WHERE c.id = ? OR c.name = ? COLLATE NOCASE`);
  const names = db.prepare<[], { id: string; name: string; embedder: string }>("SELECT id, name, embedder FROM collections");

  /** By id or name. @throws NOT_FOUND */
  function get(nameOrId: string): Collection {
    const row = one.get(nameOrId, nameOrId);
    if (!row)
      throw new AppError("NOT_FOUND", `There is no collection “${nameOrId}”.`, {
        hint: "`croft kb list` shows the collections; `croft kb create NAME` makes one.",
      });
    return toCollection(row);
  }

  function create(name: string, embedder: string): Collection {
    return truth.transact((transaction) => {
      if (one.get(name, name)) throw new AppError("CONFLICT", `There is a collection “${name}” already.`);
      const id = createId(truth.now());
      db.prepare("INSERT INTO collections (id, name, embedder, created_at) VALUES (?, ?, ?, ?)").run(id, name, embedder, truth.now());
      transaction.event("collection.created", id);
      return get(id);
    });
  }

  return {
    get,
    create,
    list: (): Collection[] => all.all().map(toCollection),
    find: (nameOrId: string): Collection | undefined => {
      const row = one.get(nameOrId, nameOrId);
      return row && toCollection(row);
    },
    /** Ids and embedders of the named collections, or of all when none is named; cheap, for every search. @throws NOT_FOUND */
    resolve(named: readonly string[]): { id: string; name: string; embedder: string }[] {
      const known = names.all();
      if (named.length === 0) return known;
      return named.map((wanted) => {
        const found = known.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
        if (!found)
          throw new AppError("NOT_FOUND", `There is no collection “${wanted}”.`, { hint: "`croft kb list` shows the collections." });
        return found;
      });
    },
  };
}

function toCollection(row: Row): Collection {
  const { created_at: createdAt, ...rest } = row;
  return { ...rest, createdAt };
}
