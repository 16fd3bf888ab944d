import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { isModest } from "../glob.ts";
import { Empty, FilePath, Id, Reason, route, Sha256, shortText, Timestamp } from "./define.ts";
import { ModelId } from "./models.ts";
import { NamedReadOptions, ReadResult } from "./reading.ts";
import { SearchRequest, SearchResponse } from "./search.ts";

/** Patterns of files: `*`, `?`, `[a-z]`, `**`, `{md,txt}`; 200 alternatives together, since each is tried on each file. */
const Globs = z
  .array(z.string().min(1).max(300))
  .max(100)
  .refine(isModest, "The patterns have more than 200 alternatives, or braces that are nested deeper than three.");

/** A new collection's name: one line, since lists show it on one, and nothing that would steer a terminal. */
const CollectionName = shortText.refine((name) => !/\p{Cc}/u.test(name), "a name is one line without control characters");

/** A collection by its name or its id. */
const Named = z.object({ collection: z.string().min(1).max(200) });

export const Collection = z.object({
  id: Id,
  name: z.string(),
  embedder: ModelId,
  documents: z.number().int(),
  chunks: z.number().int(),
  bytes: z.number(),
  sources: z.number().int(),
  createdAt: Timestamp,
});
export type Collection = z.infer<typeof Collection>;

export const fileStates = ["indexed", "skipped", "failed", "pending"] as const;

/** One file of a collection's sources and what became of it. */
export const FileStatus = z.object({
  path: z.string(),
  state: z.enum(fileStates),
  reason: Reason.optional(),
  documentId: Id.optional(),
  pages: z.number().int().optional(),
  chunks: z.number().int().optional(),
  ocrPages: z.number().int().optional(),
  /** Pages whose text is still to be recognised; the rest of the file is searchable. */
  waitingPages: z.number().int().optional(),
  language: z.string().optional(),
  /** The file could not be reached at the last sync; what was read of it stays searchable. */
  unavailable: z.boolean().optional(),
});
export type FileStatus = z.infer<typeof FileStatus>;

/** The coverage report. */
export const Coverage = z.object({
  collection: z.string(),
  documents: z.number().int(),
  chunks: z.number().int(),
  bytes: z.number(),
  files: z.array(FileStatus),
  totals: z.object({ indexed: z.number().int(), skipped: z.number().int(), failed: z.number().int(), pending: z.number().int() }),
});
export type Coverage = z.infer<typeof Coverage>;

/** What a collection was given, and how its files are chosen and read. */
export const Source = z.object({
  id: Id,
  kind: z.enum(["path", "records"]),
  path: z.string(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  watch: z.boolean(),
  /** What it says itself; the settings say the rest. */
  reading: NamedReadOptions.omit({ password: true }),
  /** A password for its locked files is kept with the secrets. */
  hasPassword: z.boolean(),
});
export type Source = z.infer<typeof Source>;

/** Why a file of a folder would not be read: by its rules, by a name that never is a document, a link, or a type by its name. */
export const leftOutReasons = ["not-included", "excluded", "never", "link", "type"] as const;

/** What linking a folder would do, by names and sizes alone; no file is opened. */
export const SourcePreview = z.object({
  path: z.string(),
  /** Files that would be indexed. */
  files: z.number().int(),
  bytes: z.number(),
  /** By extension in lower case, empty where there is none; the most frequent first, 40 at most. */
  types: z.array(z.object({ type: z.string(), files: z.number().int(), bytes: z.number() })),
  /** `entries`: files, or folders that are not gone into. */
  leftOut: z.array(z.object({ why: z.enum(leftOutReasons), entries: z.number().int(), examples: z.array(z.string()) })),
  /** Folders and files that could not be looked at, 20 at most. */
  unreadable: z.array(z.string()),
});
export type SourcePreview = z.infer<typeof SourcePreview>;

export const CoverageFormat = z.enum(["csv", "markdown", "json"]);
export type CoverageFormat = z.infer<typeof CoverageFormat>;

/** The result of a job that gave a collection another embedding model; `documents` had to be embedded. */
export const ChangeResult = z.object({ collection: z.string(), job: Id, embedder: ModelId, documents: z.number().int() });
export type ChangeResult = z.infer<typeof ChangeResult>;

/** The result of an indexing job. `took` is milliseconds. */
export const IndexResult = z.object({
  collection: z.string(),
  job: Id,
  indexed: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
  removed: z.number().int(),
  unavailable: z.number().int(),
  failures: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
  /** Why the embedding model could not be used: what was indexed is found by its words alone, until a later run has the model. */
  wordsOnly: Reason.optional(),
  took: z.number(),
});
export type IndexResult = z.infer<typeof IndexResult>;

export const Document = z.object({
  id: Id,
  externalId: z.string().optional(),
  title: z.string(),
  type: z.string(),
  path: z.string().optional(),
  bytes: z.number(),
  language: z.string().optional(),
  textHash: Sha256,
  pages: z.number().int(),
  chunks: z.number().int(),
  indexedAt: Timestamp,
});
export type Document = z.infer<typeof Document>;

export const knowledge = {
  createCollection: route("write")
    .input(z.object({ name: CollectionName, embedder: ModelId.optional() }))
    .output(Collection),
  listCollections: route("read").input(Empty).output(z.array(Collection)),
  showCollection: route("read").input(Named).output(Collection),
  removeCollection: route("write")
    .input(Named)
    .output(z.object({ removedDocuments: z.number().int() })),

  /**
   * Gives a collection another embedding model, by a durable job: its vectors are made beside the old ones, by which it is
   * searched until all are there. Cancelling the job leaves it as it was.
   */
  changeEmbedder: route("write")
    .input(Named.extend({ embedder: ModelId }))
    .output(z.object({ jobId: Id })),

  /** Durable before the reply: files and folders are indexed where they lie, by the job that is named. Creates the collection if missing. */
  addSources: route("write")
    .input(
      z.object({
        collection: CollectionName,
        paths: z.array(FilePath).min(1).max(10_000),
        include: Globs.default([]),
        exclude: Globs.default([]),
        watch: z.boolean().default(false),
        reading: NamedReadOptions.optional(),
      }),
    )
    .output(z.object({ jobId: Id, collection: Collection })),
  listSources: route("read").input(Named).output(z.array(Source)),
  /**
   * Takes a folder, file or file of records out of a collection; documents of it that no other source of the collection
   * has are deleted. The files themselves stay. @throws NOT_FOUND
   */
  removeSource: route("write")
    .input(Named.extend({ id: Id }))
    .output(z.object({ removedDocuments: z.number().int() })),
  /** @throws NOT_FOUND when there is nothing at the path */
  previewSource: route("read")
    .input(z.object({ path: FilePath, include: Globs.default([]), exclude: Globs.default([]) }))
    .output(SourcePreview),
  /** Tries failed files again, those with one of the codes or all; `files` are so many. */
  retryFailed: route("write")
    .input(Named.extend({ codes: z.array(z.string().max(50)).max(50).optional() }))
    .output(z.object({ jobId: Id, files: z.number().int() })),
  /** A JSON Lines file of records `{"_id","title","text",…}`: one document each, `_id` kept as `externalId`. */
  addRecords: route("write")
    .input(z.object({ collection: CollectionName, path: FilePath }))
    .output(z.object({ jobId: Id, collection: Collection })),
  /** Looks at every source again: new, changed, moved and gone files. */
  sync: route("write")
    .input(Named)
    .output(z.object({ jobId: Id })),
  status: route("read").input(Named).output(Coverage),
  /** `status` some files at a time, so that core answers others in between; totals are those so far, the last item's all. */
  statusInParts: route("read").input(Named).output(eventIterator(Coverage)),
  /** The coverage report as a file; `name` is a plain file name for it. */
  exportCoverage: route("read")
    .input(Named.extend({ format: CoverageFormat.default("csv") }))
    .output(z.object({ name: z.string(), mime: z.string(), text: z.string() })),

  listDocuments: route("read")
    .input(Named.extend({ after: Id.optional(), limit: z.number().int().min(1).max(1000).default(200) }))
    .output(z.array(Document)),
  getDocument: route("read")
    .input(z.object({ id: Id }))
    .output(Document),
  removeDocument: route("write")
    .input(Named.extend({ id: Id }))
    .output(Empty),
  /** A slice of a document's stored text; the whole of it when no range is given, up to 1,000,000 units. */
  getText: route("read")
    .input(z.object({ textHash: Sha256, start: z.number().int().nonnegative().optional(), end: z.number().int().nonnegative().optional() }))
    .output(z.object({ textHash: Sha256, start: z.number().int(), end: z.number().int(), length: z.number().int(), text: z.string() })),

  /** Reads a file without indexing it, or one that lies inside another: `mail.eml › invoice.pdf`. */
  readFile: route("read")
    .input(NamedReadOptions.extend({ path: FilePath }))
    .output(ReadResult),
  /** Without a limit, as many passages as the setting `search.limit` says. */
  search: route("read")
    .input(SearchRequest.extend({ limit: SearchRequest.shape.limit.unwrap().optional() }))
    .output(SearchResponse),
};
