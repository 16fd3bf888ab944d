import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { BatchResult, Blocked, ExportManifest, exportFormats } from "../../../../shared/contract/batch.ts";
import type { Recipe } from "../../../../shared/contract/recipe.ts";
import { AppError } from "../../../../shared/errors.ts";
import { PIPELINE } from "../run/pipeline.ts";
import { eachValue } from "../validate/values.ts";
import { toCsv } from "./csv.ts";
import { writeParquet } from "./parquet.ts";
import { withPolicy } from "./personal.ts";
import { writeSqlite } from "./sqlite-store.ts";
import { toTables, type Table } from "./tables.ts";
import { toXlsx } from "./xlsx.ts";

type Format = (typeof exportFormats)[number];
export type ExportSubject = { run: { name: string; model: string }; recipe: Recipe; recipeHash: string; results: readonly BatchResult[] };
export type ExportWish = { format: Format; out: string; force: boolean; now: number };

/** Doubt and missing values are looked at in the review, too; only a broken rule keeps an export back. */
const NOT_BLOCKING = new Set(["unsure", "required"]);
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

/**
 * Writes the finished documents of a run, each record once, and a manifest beside them. A file that is there is replaced
 * when the new one is whole.
 * @throws CONFLICT with `data.blocked` while rule failures are unreviewed, unless forced; then the manifest says so
 */
export async function exportRun(
  { run, recipe, recipeHash, results }: ExportSubject,
  { format, out, force, now }: ExportWish,
): Promise<{ files: string[]; manifest: ExportManifest }> {
  const blocked = blockers(results);
  if (blocked.length > 0 && !force) {
    const documents = new Set(blocked.map(({ record }) => record)).size;
    throw new AppError(
      "CONFLICT",
      `Nothing was exported: rules failed in ${documents} ${documents === 1 ? "document" : "documents"} that nobody has reviewed.`,
      {
        hint: "Review them, or export with --force; the manifest then says so.",
        data: { blocked: blocked.slice(0, MOST_LISTED) },
      },
    );
  }
  const finished = results.filter(({ state, document }) => (state === "done" || state === "review") && document.duplicateOf === undefined);
  const shown = finished.map((result) => ({ ...result, fields: withPolicy(result.fields, recipe) }));
  const tables = toTables(shown, recipe);
  await mkdir(dirname(out)).catch(() => undefined);
  const files = await writeAll(format, out, tables, shown);
  const outputs = [];
  for (const file of files)
    outputs.push({
      file,
      sha256: createHash("sha256")
        .update(await readFile(file))
        .digest("hex"),
      bytes: (await stat(file)).size,
    });
  const manifest: ExportManifest = {
    format: "croft.export/1",
    run: run.name,
    recipe: { name: recipe.name, version: recipe.version, hash: recipeHash },
    model: run.model,
    pipeline: PIPELINE,
    exportedAt: new Date(now).toISOString(),
    forced: blocked.length > 0,
    unreviewed: blocked.length,
    counts: {
      documents: finished.length,
      rows: tables.slice(1).reduce((sum, { rows }) => sum + rows.length, 0),
      review: finished.filter(({ state }) => state === "review").length,
      dead: results.filter(({ state }) => state === "dead").length,
    },
    outputs,
    documents: results.map(({ document, state }) => ({ path: document.path, sha256: document.hash, state })),
  };
  const manifestPath = `${out}.manifest.json`;
  await replace(manifestPath, (path) => writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`));
  return { files: [...files, manifestPath], manifest };
}

/** CSV and Parquet hold one table a file: lines go into a file of their own beside the documents. */
async function writeAll(format: Format, out: string, tables: readonly Table[], results: readonly BatchResult[]): Promise<string[]> {
  const paths = tables.map(({ name }, index) =>
    index === 0 ? out : `${out.slice(0, out.length - extname(out).length)}.${name}${extname(out)}`,
  );
  switch (format) {
    case "csv":
    case "parquet":
      for (const [index, table] of tables.entries())
        await replace(paths[index] ?? out, (path) => (format === "csv" ? writeFile(path, toCsv(table)) : writeParquet(path, table)));
      return paths;
    case "xlsx":
      await replace(out, async (path) => writeFile(path, await toXlsx(tables)));
      return [out];
    case "jsonl":
      await replace(out, (path) => writeFile(path, results.map((result) => `${JSON.stringify(result)}\n`).join("")));
      return [out];
    case "sqlite":
      await replace(out, async (path) => writeSqlite(path, tables));
      return [out];
  }
}

async function replace(path: string, write: (path: string) => Promise<void>): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.partial`;
  try {
    await write(partial);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new AppError("STORAGE_READONLY", `${path} could not be written; what was there before is untouched.`, {
      cause,
      hint: "Check the folder, its rights and the space that is left.",
    });
  }
}
