import { z } from "zod";
import { Empty, FilePath, Id, route, Sha256 } from "./define.ts";

export const modelRoles = ["chat", "embedding", "reranker", "ocr"] as const;
export const ModelRole = z.enum(modelRoles);
export type ModelRole = z.infer<typeof ModelRole>;

/** `provider:model`; local models have the provider `local`. A bare id means `local:id`. */
export const ModelId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/, "a model id has letters, digits and . _ : / -");

/** How well a model fits this machine, with the sum that says so. Bytes. */
export const Fit = z.object({
  verdict: z.enum(["fits", "tight", "too-large"]),
  weights: z.number(),
  context: z.number(),
  overhead: z.number(),
  required: z.number(),
  available: z.number(),
  /** True once a real load corrected the estimate. */
  learned: z.boolean(),
});
export type Fit = z.infer<typeof Fit>;

export const Model = z.object({
  id: ModelId,
  name: z.string(),
  role: ModelRole,
  licence: z.string(),
  bytes: z.number().int(),
  sha256: Sha256.optional(),
  languages: z.array(z.string()).optional(),
  dimensions: z.number().int().optional(),
  contextTokens: z.number().int().optional(),
  state: z.enum(["installed", "partial", "missing"]),
  /** fetched by Croft (and removed by it), imported by copy, or read where another app keeps it */
  origin: z.enum(["fetched", "imported", "linked"]).optional(),
  starter: z.boolean(),
  path: z.string().optional(),
  fit: Fit.optional(),
  /** Probed on this machine: loaded once in a child process. */
  probed: z.enum(["ok", "failed", "never"]),
  speed: z
    .object({ promptTokensPerSecond: z.number().optional(), tokensPerSecond: z.number().optional(), textsPerSecond: z.number().optional() })
    .optional(),
});
export type Model = z.infer<typeof Model>;

/** A GGUF file that another program keeps on this machine. */
export const FoundFile = z.object({
  path: z.string(),
  bytes: z.number(),
  /** What its header, else its name, calls it. */
  name: z.string(),
});
export type FoundFile = z.infer<typeof FoundFile>;

const ById = z.object({ id: ModelId });

export const models = {
  list: route("read").input(Empty).output(z.array(Model)),
  show: route("read").input(ById).output(Model),
  /** Starts a durable download job; done at once when the model is installed. */
  download: route("egress")
    .input(ById)
    .output(z.object({ jobId: Id })),
  import: route("write")
    .input(z.object({ path: FilePath, role: ModelRole.optional(), copy: z.boolean().default(true) }))
    .output(Model),
  /** Removes what Croft fetched or copied; a linked file is only forgotten. */
  remove: route("write")
    .input(ById)
    .output(z.object({ freed: z.number() })),
  probe: route("execute")
    .input(ById)
    .output(z.object({ ok: z.boolean(), message: z.string(), memoryBytes: z.number().optional() })),
  bench: route("execute").input(ById).output(Model),
  /** GGUF files of other programs that Croft does not use yet; import them without a copy. Nothing is moved or changed. */
  onDisk: route("read").input(Empty).output(z.array(FoundFile)),
  /** Loads a chat or embedding model now, so that the first question does not wait. */
  load: route("execute").input(ById).output(Empty),
  /** Takes the engine of a model out of memory once what it computes is done; the next question loads it again. */
  unload: route("execute").input(ById).output(Empty),
};
