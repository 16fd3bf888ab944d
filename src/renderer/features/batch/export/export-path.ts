import type { BatchRun } from "../../../../shared/contract/batch.ts";

export const exportFormats = ["xlsx", "csv", "jsonl", "parquet", "sqlite"] as const;

export type ExportFormat = (typeof exportFormats)[number];

const extensions: Record<ExportFormat, string> = { xlsx: ".xlsx", csv: ".csv", jsonl: ".jsonl", parquet: ".parquet", sqlite: ".sqlite" };

/** The path with the ending of another format. */
export const withExtension = (path: string, format: ExportFormat): string =>
  path.replace(/\.(xlsx|csv|jsonl|parquet|sqlite)$/i, "") + extensions[format];

/** A file beside the folder that was read, never inside it, where the next run would read it too. */
export function proposedPath({ paths, name }: Pick<BatchRun, "paths" | "name">, format: ExportFormat): string {
  const [first = ""] = paths;
  const cut = Math.max(first.lastIndexOf("/"), first.lastIndexOf("\\"));
  return first.slice(0, cut + 1) + name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-") + extensions[format];
}
