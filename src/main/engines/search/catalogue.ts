import type { Database } from "better-sqlite3";
import type { SearchFilter } from "../../../shared/contract/search.ts";
import { globTest } from "./glob.ts";
import type { Selection } from "./mirror.ts";
import { createPagedIntegers } from "./paged-integers.ts";

type Entry = {
  id: string;
  type: string;
  modifiedAt: number | null;
  keys: number[];
  members: { collection: string; path: string | null }[];
};

/** What croft.db says can be found: chunks of published documents that lie in a collection. */
export type Catalogue = {
  /** Takes in what changed in croft.db since the last call; next to nothing when nothing did. */
  refresh(): void;
  /** The chunks that a query may find. The same object for the same question until something changes. */
  select(collections: readonly string[], filter: SearchFilter | undefined): Selection & { readonly chunks: number };
};

/** More changes than this at once are read as a whole. */
const readWholeFrom = 2000;
const maxKeptSelections = 8;

/** The view of an open, read-only croft.db, kept in memory as compact arrays. */
export function createCatalogue(truth: Database): Catalogue {
  const documentsSql = "SELECT id, type, text_hash, modified_at FROM documents WHERE state = 'published' AND text_hash IS NOT NULL";
  const allDocuments = truth.prepare<[], DocumentRow>(documentsSql);
  const oneDocument = truth.prepare<[string], DocumentRow>(`${documentsSql} AND id = ?`);
  const chunkKeys = truth
    .prepare<[string, string], number>("SELECT key FROM chunks WHERE document_id = ? AND text_hash = ? ORDER BY key")
    .pluck();
  const allMembers = truth.prepare<[], MemberRow>("SELECT document_id, collection_id AS collection, path FROM collection_documents");
  const membersOf = truth.prepare<[string], MemberRow>(
    "SELECT document_id, collection_id AS collection, path FROM collection_documents WHERE document_id = ?",
  );
  const lastSeq = truth.prepare<[], number>("SELECT coalesce(max(seq), 0) FROM events").pluck();
  const changes = truth.prepare<[number, number], { kind: string; subject: string }>(
    "SELECT DISTINCT kind, subject FROM events WHERE seq > ? AND seq <= ? AND (kind LIKE 'document.%' OR kind LIKE 'collection.%')",
  );

  const entries: (Entry | undefined)[] = [];
  const indexOf = new Map<string, number>();
  const entryOfKey = createPagedIntegers(-1);
  const selections = new Map<string, Selection & { chunks: number }>();
  let seen = -1;
  let dataVersion: unknown;

  function remove(id: string): void {
    const index = indexOf.get(id);
    if (index === undefined) return;
    for (const key of entries[index]?.keys ?? []) if (entryOfKey.get(key) === index) entryOfKey.set(key, -1);
    entries[index] = undefined;
    indexOf.delete(id);
  }

  function add(row: DocumentRow, members: Entry["members"]): void {
    remove(row.id);
    const index = entries.length;
    const keys = chunkKeys.all(row.id, row.text_hash);
    entries.push({ id: row.id, type: row.type, modifiedAt: row.modified_at, keys, members });
    indexOf.set(row.id, index);
    for (const key of keys) entryOfKey.set(key, index);
  }

  function readWhole(): void {
    for (const id of indexOf.keys()) remove(id);
    entries.length = 0;
    const members = groupMembers(allMembers.all());
    for (const row of allDocuments.all()) add(row, members.get(row.id) ?? []);
  }

  function readOne(id: string): void {
    const row = oneDocument.get(id);
    if (row) add(row, membersOf.all(id));
    else remove(id);
  }

  function readMembers(): void {
    const members = groupMembers(allMembers.all());
    for (const entry of entries) if (entry) entry.members = members.get(entry.id) ?? [];
  }

  /** Everything in one read transaction, so that no half of another thread's change is seen. */
  const catchUp = truth.transaction(() => {
    const last = lastSeq.get() ?? 0;
    if (last === seen) return;
    const changed = seen < 0 || last < seen ? undefined : changes.all(seen, last);
    if (changed === undefined || changed.length > readWholeFrom) readWhole();
    else {
      for (const { kind, subject } of changed) if (kind.startsWith("document.")) readOne(subject);
      if (changed.some(({ kind }) => kind.startsWith("collection."))) readMembers();
      // What changed often leaves holes behind.
      if (entries.length > 2 * indexOf.size + 1000) readWhole();
    }
    if (changed === undefined || changed.length > 0) selections.clear();
    seen = last;
  });

  return {
    refresh() {
      const version = truth.pragma("data_version", { simple: true });
      if (version === dataVersion) return;
      catchUp();
      dataVersion = version;
    },
    select(collections, filter) {
      const name = JSON.stringify([collections.toSorted(), filter ?? null]);
      const known = selections.get(name);
      if (known) return known;
      const test = entryTest(collections, filter);
      const chosen = Uint8Array.from(entries, (entry) => (entry && test(entry) ? 1 : 0));
      let chunks = 0;
      entries.forEach((entry, index) => (chunks += chosen[index] === 1 ? (entry?.keys.length ?? 0) : 0));
      const selection = { chunks, has: (key: number) => chosen[entryOfKey.get(key)] === 1 };
      if (selections.size >= maxKeptSelections) selections.clear();
      selections.set(name, selection);
      return selection;
    },
  };
}

type DocumentRow = { id: string; type: string; text_hash: string; modified_at: number | null };
type MemberRow = { document_id: string; collection: string; path: string | null };

function groupMembers(rows: MemberRow[]): Map<string, Entry["members"]> {
  const groups = new Map<string, Entry["members"]>();
  for (const { document_id: id, collection, path } of rows) {
    const group = groups.get(id);
    if (group) group.push({ collection, path });
    else groups.set(id, [{ collection, path }]);
  }
  return groups;
}

/** Path and collection must hold for the same membership: a document may lie in several collections under other paths. */
function entryTest(collections: readonly string[], filter: SearchFilter | undefined): (entry: Entry) => boolean {
  const wanted = new Set(collections);
  const types = filter?.types?.length ? new Set(filter.types.map((type) => type.toLowerCase().replace(/^\./, ""))) : undefined;
  const documents = filter?.documents?.length ? new Set(filter.documents) : undefined;
  const path = filter?.path ? globTest(filter.path) : undefined;
  return ({ id, type, modifiedAt, members }) =>
    (documents === undefined || documents.has(id)) &&
    (types === undefined || types.has(type.toLowerCase())) &&
    (filter?.after === undefined || (modifiedAt !== null && modifiedAt >= filter.after)) &&
    (filter?.before === undefined || (modifiedAt !== null && modifiedAt <= filter.before)) &&
    members.some(
      (member) =>
        (wanted.size === 0 || wanted.has(member.collection)) && (path === undefined || (member.path !== null && path(member.path))),
    );
}
