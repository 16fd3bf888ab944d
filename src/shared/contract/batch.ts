import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { Box, Empty, FilePath, Id, Reason, route, Sha256, shortText, Timestamp } from "./define.ts";
import { jobStates, Progress } from "./jobs.ts";
import { Recipe } from "./recipe.ts";

export const origins = ["rule", "model", "person"] as const;

/** Why a value, or a document where there is no field, needs a person. `rule` is a stable name: `missing`, `sum`, `date-order`, `iban`, … */
export const Flag = z.object({ rule: z.string(), message: z.string(), field: z.string().optional() });
export type Flag = z.infer<typeof Flag>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Scalar = z.infer<typeof scalar>;

/** Where and how a value was read. Offsets are those of the record's text; `box` encloses `boxes`, which are those of its lines. */
const reading = {
  value: scalar,
  /** As it stands in the document. */
  raw: z.string().optional(),
  page: z.number().int().optional(),
  box: Box.optional(),
  boxes: z.array(Box).optional(),
  start: z.number().int().optional(),
  end: z.number().int().optional(),
  /** Calibrated: of values with `sure` s about the share s is right. Never the model's own word. */
  sure: z.number().min(0).max(1),
  origin: z.enum(origins),
};
export const Alternative = z.object(reading);
export type Alternative = z.infer<typeof Alternative>;

/** One value of a record: null where the document has none. */
export const FieldValue = z.object({ ...reading, flags: z.array(Flag), alternatives: z.array(Alternative).optional() });
export type FieldValue = z.infer<typeof FieldValue>;

/** A value, a list of values, or the rows of a table. */
export const FieldResult = z.union([FieldValue, z.array(FieldValue), z.array(z.record(z.string(), FieldValue))]);
export type FieldResult = z.infer<typeof FieldResult>;
export const Fields = z.record(z.string(), FieldResult);
export type Fields = z.infer<typeof Fields>;

export const resultStates = ["done", "review", "dead", "pending"] as const;

/** One document of a run, the form that `croft batch results` prints. */
export const BatchResult = z.object({
  /** Of the record; missing while there is none. */
  id: Id.optional(),
  item: Id,
  document: z.object({
    path: z.string(),
    hash: z.string(),
    pages: z.number().int(),
    /** Where the file holds several documents: which pages, and the how-manieth of them. */
    firstPage: z.number().int().optional(),
    lastPage: z.number().int().optional(),
    part: z.number().int().optional(),
    /** Another file of the run has the very same content: they share one record, which is exported once. */
    duplicateOf: z.string().optional(),
  }),
  state: z.enum(resultStates),
  reason: Reason.extend({ page: z.number().int().optional() }).optional(),
  recipe: z.object({ name: z.string(), version: z.number().int() }),
  model: z.string().optional(),
  fields: Fields,
  /** Of the document as a whole. */
  flags: z.array(Flag),
  /** Chosen for the quality sample. */
  sampled: z.boolean(),
  timings: z.record(z.string(), z.number()),
});
export type BatchResult = z.infer<typeof BatchResult>;

/** A decision as it was made; `field` is '' for the document as a whole. */
export const Decision = z.object({
  id: Id,
  act: Id,
  field: z.string(),
  action: z.enum(["accept", "correct", "choose", "approve", "flag"]),
  before: z.unknown(),
  after: z.unknown(),
  who: z.string(),
  at: Timestamp,
  undoneAt: Timestamp.optional(),
});
export type Decision = z.infer<typeof Decision>;

export const BatchRecord = BatchResult.extend({
  textHash: Sha256.optional(),
  /** Sizes of the pages in points; the words of one come with `batch.page`. */
  pageSizes: z.array(
    z.object({
      page: z.number().int(),
      start: z.number().int(),
      end: z.number().int(),
      width: z.number().optional(),
      height: z.number().optional(),
      source: z.enum(["text", "ocr"]),
    }),
  ),
  history: z.array(Decision),
});
export type BatchRecord = z.infer<typeof BatchRecord>;

const Range = z.object({ low: z.number(), high: z.number() });

/** What is in a folder, before anything is done to it. Times are milliseconds. */
export const ScanReport = z.object({
  paths: z.array(z.string()),
  files: z.number().int(),
  bytes: z.number(),
  /** Where unknown, a page count is estimated from the size. */
  pages: z.number().int(),
  pagesToRecognise: z.number().int(),
  types: z.array(z.object({ type: z.string(), files: z.number().int(), pages: z.number().int(), bytes: z.number() })),
  /** Groups of files with the same content, the first of which is read. */
  duplicates: z.array(z.object({ hash: z.string(), paths: z.array(z.string()) })),
  unreadable: z.array(Reason.extend({ path: z.string() })),
  /** A few of the files that can be read, for a trial or a suggestion. */
  samples: z.array(z.string()),
  /** Already read with this recipe and model. */
  known: z.number().int(),
  estimate: Range.extend({
    /** Pages measured on this machine that the range rests on; 0 means that it is a guess. */ learnedFrom: z.number().int(),
  }),
  took: z.number(),
});
export type ScanReport = z.infer<typeof ScanReport>;
const ScanItem = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), progress: Progress }),
  z.object({ type: z.literal("report"), report: ScanReport }),
]);

const Counts = z.object({ pending: z.number().int(), done: z.number().int(), review: z.number().int(), dead: z.number().int() });

export const BatchRun = z.object({
  id: Id,
  name: z.string(),
  paths: z.array(z.string()),
  recipe: z.object({ name: z.string(), version: z.number().int() }),
  /** `none` for rules alone. */
  model: z.string(),
  watch: z.boolean(),
  concurrency: z.number().int(),
  jobId: Id.optional(),
  /** That of the newest job. */
  state: z.enum(jobStates),
  error: Reason.optional(),
  counts: Counts,
  /** Files; `counts` has one for each document in them, and files with the same content share theirs. */
  files: z.number().int(),
  /** Documents of files whose content another file of the run has, too. */
  copies: z.number().int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type BatchRun = z.infer<typeof BatchRun>;

/** What one pass over a run did. `took` is milliseconds. */
export const BatchRunResult = z.object({
  run: z.string(),
  job: Id,
  processed: z.number().int(),
  skipped: z.number().int(),
  review: z.number().int(),
  dead: z.number().int(),
  took: z.number(),
});
export type BatchRunResult = z.infer<typeof BatchRunResult>;

/** Numbers for the run's page. */
export const BatchStats = z.object({
  counts: Counts,
  stages: z.array(z.object({ stage: z.string(), documents: z.number().int(), ms: z.number() })),
  pagesPerMinute: z.number(),
  /** Milliseconds that are left. */
  left: Range.optional(),
  /** Values by `sure`, in tenths: ten counts. */
  confidence: z.array(z.number().int()),
  /** Flags by rule and field, most frequent first. */
  flags: z.array(z.object({ rule: z.string(), field: z.string(), count: z.number().int() })),
  reasons: z.array(z.object({ code: z.string(), count: z.number().int() })),
  /** Finished documents in each of the newest minutes. */
  throughput: z.array(z.object({ at: Timestamp, documents: z.number().int() })),
  /** Of the quality sample: its share, what was looked at, how much of that was wrong, with a 95 % interval. */
  sample: z.object({ share: z.number(), sampled: z.number().int(), reviewed: z.number().int(), wrong: z.number().int(), errorRate: Range }),
});
export type BatchStats = z.infer<typeof BatchStats>;

const RunItem = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), seq: z.number().int(), run: BatchRun }),
  z.object({ type: z.literal("change"), seq: z.number().int(), run: BatchRun, progress: Progress.optional() }),
]);

export const exportFormats = ["csv", "xlsx", "jsonl", "parquet", "sqlite"] as const;

/** What keeps a run from being exported: a rule failed and nobody has looked. */
export const Blocked = z.object({ record: Id, path: z.string(), field: z.string(), rule: z.string(), message: z.string() });
export type Blocked = z.infer<typeof Blocked>;

export const ExportManifest = z.object({
  format: z.literal("croft.export/1"),
  run: z.string(),
  recipe: z.object({ name: z.string(), version: z.number().int(), hash: z.string() }),
  model: z.string(),
  pipeline: z.string(),
  exportedAt: z.string(),
  forced: z.boolean(),
  unreviewed: z.number().int(),
  counts: z.object({ documents: z.number().int(), rows: z.number().int(), review: z.number().int(), dead: z.number().int() }),
  outputs: z.array(z.object({ file: z.string(), sha256: z.string(), bytes: z.number() })),
  documents: z.array(z.object({ path: z.string(), sha256: z.string(), state: z.enum(resultStates) })),
});
export type ExportManifest = z.infer<typeof ExportManifest>;

export const RecipeInfo = z.object({
  name: z.string(),
  version: z.number().int(),
  versions: z.array(z.number().int()),
  title: z.string(),
  description: z.string(),
  fields: z.number().int(),
  rules: z.number().int(),
  builtIn: z.boolean(),
});
export type RecipeInfo = z.infer<typeof RecipeInfo>;

/** Why a recipe is refused: where in it, and what. */
export const RecipeProblem = z.object({ path: z.string(), message: z.string() });
export type RecipeProblem = z.infer<typeof RecipeProblem>;

/** How a recipe does on the documents that people decided about: what they said against what is read now. */
export const RecipeMeasure = z.object({
  recipe: z.object({ name: z.string(), version: z.number().int() }),
  documents: z.number().int(),
  fields: z.array(z.object({ field: z.string(), right: z.number().int(), wrong: z.number().int(), missing: z.number().int() })),
  mistakes: z.array(z.object({ hash: z.string(), part: z.number().int(), field: z.string(), expected: scalar, found: scalar })),
});
export type RecipeMeasure = z.infer<typeof RecipeMeasure>;

/** A run by its name or its id. */
const Named = z.object({ run: z.string().min(1).max(200) });
const RecipeName = z.object({ name: z.string().min(1).max(60), version: z.number().int().positive().optional() });
const Paths = z.array(FilePath).min(1).max(10_000);
/** A field: `total`, `lines.0.amount`, `skills.2`. */
const ValuePath = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}(\.\d{1,5}(\.[a-z][a-z0-9_]{0,59})?)?$/, "a field, list.index or table.row.column");
/** Where a window of results ended. */
const ResultCursor = z.object({ sure: z.number(), path: z.string(), part: z.number().int() });
export type ResultCursor = z.infer<typeof ResultCursor>;
const ModelReference = z.string().min(1).max(200);
const Place = z.object({ page: z.number().int().positive(), box: Box });

const Change = z.discriminatedUnion("action", [
  z.object({ action: z.literal("accept"), field: ValuePath }),
  /** `value` is read by the field's type, so that "1.234,50" may be typed; `place` is where the person saw it. */
  z.object({ action: z.literal("correct"), field: ValuePath, value: scalar, place: Place.optional() }),
  z.object({ action: z.literal("choose"), field: ValuePath, alternative: z.number().int().nonnegative() }),
  z.object({ action: z.literal("flag"), field: z.union([ValuePath, z.literal("")]), message: z.string().max(300).default("") }),
]);
export type Change = z.infer<typeof Change>;

export const batch = {
  /** Looks at a folder: what is in it and how long it will take. Reads no text. */
  scan: route("read")
    .input(z.object({ paths: Paths, recipe: RecipeName.optional(), model: ModelReference.optional() }))
    .output(eventIterator(ScanItem)),

  /**
   * Durable before the reply: the files below the paths are processed by the job that is named. The same call again does
   * only what is new. `name` defaults to the folder and the recipe; a run of that name is continued.
   */
  run: route("write")
    .input(
      z.object({
        paths: Paths,
        recipe: RecipeName,
        name: shortText.optional(),
        model: ModelReference.optional(),
        watch: z.boolean().default(false),
        concurrency: z.number().int().min(1).max(16).optional(),
        /** For encrypted files, tried in order; kept in memory only. */
        passwords: z.array(z.string().max(1000)).max(20).default([]),
      }),
    )
    .output(z.object({ run: BatchRun, jobId: Id })),
  listRuns: route("read")
    .input(z.object({ limit: z.number().int().min(1).max(1000).default(100) }))
    .output(z.array(BatchRun)),
  showRun: route("read").input(Named).output(BatchRun),
  /** Changes take effect with the next file. */
  changeRun: route("write")
    .input(Named.extend({ watch: z.boolean().optional(), concurrency: z.number().int().min(1).max(16).optional() }))
    .output(BatchRun),
  pause: route("write").input(Named).output(BatchRun),
  /** Goes on with a paused, cancelled or failed run, and with what is new in its folders. */
  resume: route("write")
    .input(Named)
    .output(z.object({ run: BatchRun, jobId: Id })),
  cancel: route("write").input(Named).output(BatchRun),
  /** Dead letters, all or those named, are tried again. */
  retry: route("write")
    .input(Named.extend({ items: z.array(Id).max(10_000).optional(), passwords: z.array(z.string().max(1000)).max(20).default([]) }))
    .output(z.object({ run: BatchRun, jobId: Id, items: z.number().int() })),
  /** Forgets the run and its files' states; what was read and decided stays for the next run over the same content. */
  removeRun: route("write").input(Named).output(Empty),
  stats: route("read").input(Named).output(BatchStats),
  /** First a snapshot, then the run whenever it changed, at most ten times a second. */
  watchRun: route("read").input(Named).output(eventIterator(RunItem)),

  /**
   * A window of a run's documents, in a stable order, and how many there are. `review` order: least sure first. Copies are
   * listed only where neither states nor that order is asked for. `after` takes the `next` of the window before, and no
   * `offset`: nothing is skipped or shown twice when documents come or go in between.
   */
  results: route("read")
    .input(
      Named.extend({
        states: z.array(z.enum(resultStates)).optional(),
        order: z.enum(["path", "review"]).default("path"),
        search: z.string().max(200).optional(),
        offset: z.number().int().nonnegative().default(0),
        after: ResultCursor.optional(),
        limit: z.number().int().min(1).max(1000).default(200),
      }),
    )
    .output(z.object({ total: z.number().int(), results: z.array(BatchResult), next: ResultCursor.optional() })),
  record: route("read")
    .input(z.object({ id: Id }))
    .output(BatchRecord),
  /** A page drawn as PNG (base64) where it can be, with its words. `scale` is pixels a point. */
  page: route("read")
    .input(z.object({ id: Id, page: z.number().int().positive(), dpi: z.number().int().min(36).max(300).default(110) }))
    .output(
      z.object({
        page: z.number().int(),
        width: z.number(),
        height: z.number(),
        scale: z.number(),
        image: z.string().optional(),
        text: z.string(),
        words: z.array(z.object({ start: z.number().int(), end: z.number().int(), box: Box })),
      }),
    ),

  /** Decisions about a record, one act for undo. `approve` says that the whole document was looked at. */
  decide: route("write")
    .input(z.object({ id: Id, changes: z.array(Change).max(500).default([]), approve: z.boolean().default(false) }))
    .output(BatchRecord),
  /** Takes the record's newest act back, or the one named. */
  undo: route("write")
    .input(z.object({ id: Id, act: Id.optional() }))
    .output(BatchRecord),
  /** Accepts a field in every document of the run where it has this value (or none, when it is left out) and is flagged alike. */
  acceptEqual: route("write")
    .input(
      Named.extend({
        field: ValuePath,
        value: z.union([z.string(), z.number(), z.boolean()]).optional(),
        rule: z.string().max(60).optional(),
      }),
    )
    .output(z.object({ records: z.number().int() })),
  /** Reads a field again inside a box that a person drew. Nothing is saved: `decide` does that. */
  readAgain: route("read")
    .input(z.object({ id: Id, field: ValuePath, place: Place }))
    .output(Alternative),

  /** What would keep an export back, and what it would hold. */
  checkExport: route("read")
    .input(Named)
    .output(z.object({ documents: z.number().int(), blocked: z.array(Blocked) })),
  /** Writes the file and its manifest beside it. @throws CONFLICT with `data.blocked` while rule failures are unreviewed, unless forced */
  export: route("write")
    .input(Named.extend({ format: z.enum(exportFormats), out: FilePath, force: z.boolean().default(false) }))
    .output(z.object({ files: z.array(z.string()), manifest: ExportManifest })),

  listRecipes: route("read").input(Empty).output(z.array(RecipeInfo)),
  getRecipe: route("read").input(RecipeName).output(Recipe),
  /** Saves the recipe as the next version of its name; an equal one stays as it is. */
  saveRecipe: route("write")
    .input(z.object({ recipe: Recipe }))
    .output(Recipe),
  removeRecipe: route("write").input(RecipeName).output(Empty),
  /** Looks at a recipe's text without saving it. */
  validateRecipe: route("read")
    .input(z.object({ text: z.string().max(1_000_000) }))
    .output(z.object({ ok: z.boolean(), problems: z.array(RecipeProblem), recipe: Recipe.optional() })),
  /** @throws INVALID_INPUT with `data.problems` for a recipe that is refused */
  importRecipe: route("write")
    .input(z.object({ path: FilePath }))
    .output(Recipe),
  /** Corrections as cases: each document that people decided about is read again by rules and compared; nothing is saved. */
  measureRecipe: route("read").input(RecipeName).output(RecipeMeasure),
  /** Proposes fields from what sample files have in common. */
  suggestFields: route("read")
    .input(z.object({ paths: z.array(FilePath).min(1).max(5), name: z.string().max(60).optional() }))
    .output(Recipe),
  /** A recipe tried on up to three files; nothing is saved. */
  trial: route("read")
    .input(z.object({ recipe: Recipe, paths: z.array(FilePath).min(1).max(3), model: ModelReference.optional() }))
    .output(z.array(BatchResult)),
};
