import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open as openFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { pipeline } from "node:stream/promises";
import type { BatchResult, Blocked, ExportManifest, exportFormats } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { AppError, isAbort } from "../../../../shared/errors.ts";
import { CONTRADICTION } from "../extract/reconcile.ts";
import { PIPELINE } from "../run/pipeline.ts";
import { eachValue } from "../validate/values.ts";
import { openCsv } from "./csv.ts";
import { openJsonl } from "./jsonl.ts";
import { openParquet } from "./parquet.ts";
import { withPolicy } from "./personal.ts";
import { openSqlite } from "./sqlite-store.ts";
import { type Table, tablesOf } from "./tables.ts";
import type { ExportWriter } from "./writer.ts";
import { openXlsx } from "./xlsx.ts";

type Format = (typeof exportFormats)[number];
export type ExportSubject = {
  run: { name: string; model: string };
  recipe: Recipe;
  recipeHash: string;
  /** Everything of the run, a few documents at a time. */
  results: AsyncIterable<readonly BatchResult[]>;
};
export type ExportWish = { format: Format; out: string; force: boolean; now: number };

/** Doubt and missing values are looked at in the review, too; only a broken rule keeps an export back. */
const NOT_BLOCKING = new Set<string>(["unsure", "required", CONTRADICTION]);
const MOST_LISTED = 1_000;

/** Rule failures that nobody has looked at: of documents that still need review. */
export function blockers(results: readonly BatchResult[]): Blocked[] {
  return results.flatMap(({ id, document, state, fields, flags }) => {
    if (state !== "review" || id === undefined || document.duplicateOf !== undefined) return [];
    const own = [...eachValue(fields)].flatMap(([field, value]) => value.flags.map(({ rule, message }) => ({ field, rule, message })));
    return [...own, ...flags.map(({ rule, message, field = "" }) => ({ rule, message, field }))]
      .filter(({ rule }) => !NOT_BLOCKING.has(rule))
      .map(({ field, rule, message }) => ({ record: id, path: document.path, field, rule, message }));
  });
}

export const isFinished = ({ state, document }: BatchResult): boolean =>
  (state === "done" || state === "review") && document.duplicateOf === undefined;

/**
 * Writes the finished documents of a run, each record once, and a manifest beside them. Results go into the files as they are
 * read. A file that is there is replaced when all new ones are whole.
 * @throws CONFLICT with `data.blocked` while rule failures are unreviewed, unless forced; then the manifest says so
 */
export async function exportRun(subject: ExportSubject, wish: ExportWish): Promise<{ files: string[]; manifest: ExportManifest }> {
  const { run, recipe, recipeHash } = subject;
  const { format, out, now } = wish;
  const tables = tablesOf(recipe);
  const files = format === "csv" || format === "parquet" ? tables.map(({ name }, at) => (at === 0 ? out : beside(out, name))) : [out];
  await mkdir(dirname(out)).catch(() => undefined);
  const manifestPath = `${out}.manifest.json`;
  const partials = new Map([...files, manifestPath].map((file) => [file, `${file}.${randomUUID().slice(0, 8)}.partial`]));
  const partialOf = (file: string) => partials.get(file) ?? file;
  try {
    const { blocked, documents, counts } = await writeAll(subject, wish, tables, files.map(partialOf));
    const outputs = await Promise.all(
      files.map(async (file) => ({ file, sha256: await hashOf(partialOf(file)), bytes: (await stat(partialOf(file))).size })),
    );
    const manifest: ExportManifest = {
      format: "croft.export/1",
      run: run.name,
      recipe: { name: recipe.name, version: recipe.version, hash: recipeHash },
      model: run.model,
      pipeline: PIPELINE,
      exportedAt: new Date(now).toISOString(),
      forced: blocked > 0,
      unreviewed: blocked,
      counts,
      outputs,
      documents,
    };
    await writeFile(partialOf(manifestPath), `${JSON.stringify(manifest, null, 2)}\n`);
    // The bytes are on the disk before the names are: a power cut must not leave a name without them.
    for (const partial of partials.values()) await sync(partial);
    for (const [file, partial] of partials) await rename(partial, file);
    return { files: [...files, manifestPath], manifest };
  } catch (cause) {
    for (const partial of partials.values()) await rm(partial, { force: true }).catch(() => undefined);
    if (cause instanceof AppError || isAbort(cause)) throw cause;
    throw new AppError("STORAGE_READONLY", `${out} could not be written; what was there before is untouched.`, {
      cause,
      hint: "Check the folder, its rights and the space that is left.",
    });
  }
}

/** CSV and Parquet hold one table a file: lines go into a file of their own beside the documents. */
const beside = (out: string, name: string) => `${out.slice(0, out.length - extname(out).length)}.${name}${extname(out)}`;

async function writeAll(
  { recipe, results }: ExportSubject,
  { format, force }: ExportWish,
  tables: readonly Table[],
  paths: readonly string[],
): Promise<{ blocked: number; documents: ExportManifest["documents"]; counts: ExportManifest["counts"] }> {
  const counts = { documents: 0, rows: 0, review: 0, dead: 0 };
  const documents: ExportManifest["documents"] = [];
  const listed: Blocked[] = [];
  const held = new Set<string>();
  let blocked = 0;
  const writer = await open(format, paths, tables);
  try {
    for await (const slice of results) {
      for (const { document, state } of slice) {
        documents.push({ path: document.path, sha256: document.hash, state });
        if (state === "dead") counts.dead += 1;
      }
      for (const one of blockers(slice)) {
        blocked += 1;
        held.add(one.record);
        if (listed.length < MOST_LISTED) listed.push(one);
      }
      // What is held back is listed whole, and nothing more of it is written.
      if (blocked > 0 && !force) continue;
      const shown = slice.filter(isFinished).map((result) => ({ ...result, fields: withPolicy(result.fields, recipe) }));
      const rows = tables.map(({ rowsOf }) => shown.flatMap((result, at) => rowsOf(result, counts.documents + at + 1)));
      counts.documents += shown.length;
      counts.review += shown.filter(({ state }) => state === "review").length;
      counts.rows += rows.slice(1).reduce((sum, { length }) => sum + length, 0);
      await writer.write({ results: shown, rows });
    }
    if (blocked > 0 && !force) throw heldBack(held.size, listed);
    await writer.end();
  } finally {
    await writer.close();
  }
  return { blocked, documents, counts };
}

const heldBack = (documents: number, blocked: readonly Blocked[]) =>
  new AppError(
    "CONFLICT",
    `Nothing was exported: rules failed in ${documents} ${documents === 1 ? "document" : "documents"} that nobody has reviewed.`,
    { hint: "Review them, or export them all the same; the manifest then says so.", data: { blocked } },
  );

function open(format: Format, paths: readonly string[], tables: readonly Table[]): Promise<ExportWriter> | ExportWriter {
  const [path = ""] = paths;
  switch (format) {
    case "csv":
      return openCsv(paths, tables);
    case "parquet":
      return openParquet(paths, tables);
    case "xlsx":
      return openXlsx(path, tables);
    case "jsonl":
      return openJsonl(path);
    case "sqlite":
      return openSqlite(path, tables);
  }
}

async function sync(path: string): Promise<void> {
  const file = await openFile(path, "r+");
  await file.sync().finally(() => file.close());
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
