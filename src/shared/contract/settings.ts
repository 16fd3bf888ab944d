import { z } from "zod";
import { Empty, route } from "./define.ts";
import { ModelId } from "./models.ts";

/** Every setting with its default; the one list that the command line, the interface and core share. */
export const Settings = z.object({
  "models.chat": ModelId.default("local:qwen2.5-coder-1.5b-instruct").describe("Model that writes answers"),
  "models.embedding": ModelId.default("local:bge-small-en-v1.5").describe("Embedding model of new collections"),
  "models.reranker": ModelId.optional().describe("Cross-encoder that reorders search results, where one is installed"),
  "models.idleMinutes": z.number().min(0).max(1440).default(10).describe("Unload a model after this many idle minutes"),
  "cpu.threads": z
    .number()
    .int()
    .min(0)
    .max(256)
    .default(0)
    .describe("Most threads that models may use; 0 means as many as there are cores"),
  "ocr.mode": z.enum(["auto", "never", "always"]).default("auto").describe("When pages are read by OCR"),
  "ocr.languages": z
    .array(z.string().regex(/^[a-z_]{3,12}$/i))
    .max(8)
    .default(["eng"])
    .describe("Languages that OCR expects"),
  "network.offline": z.boolean().default(false).describe("Forbid every network connection"),
  "search.limit": z.number().int().min(1).max(100).default(10).describe("Passages that a search returns"),
  "answer.effort": z.enum(["instant", "normal", "thorough"]).default("normal").describe("How much an answer reads"),
  "welcome.done": z.boolean().default(false).describe("The cards of the first start were seen; off shows them at the next start"),
});
export type Settings = z.infer<typeof Settings>;

export const SettingKey = z.enum(Object.keys(Settings.shape) as [keyof Settings, ...(keyof Settings)[]]);
export type SettingKey = z.infer<typeof SettingKey>;

export const SettingRow = z.object({ key: SettingKey, value: z.unknown(), default: z.unknown(), description: z.string() });
export type SettingRow = z.infer<typeof SettingRow>;

/** What became of an imported file of settings: what was set, and what was refused and why. Nothing else was changed. */
export const SettingsImport = z.object({
  applied: z.array(SettingRow),
  refused: z.array(z.object({ key: z.string(), reason: z.string() })),
});
export type SettingsImport = z.infer<typeof SettingsImport>;

/** Longest file of settings that is looked at, in UTF-16 units. */
const mostSettingsText = 100_000;

export const settings = {
  list: route("read").input(Empty).output(z.array(SettingRow)),
  get: route("read")
    .input(z.object({ key: SettingKey }))
    .output(SettingRow),
  /** The value is validated against the setting's own schema. */
  set: route("write")
    .input(z.object({ key: SettingKey, value: z.unknown() }))
    .output(SettingRow),
  reset: route("write")
    .input(z.object({ key: SettingKey }))
    .output(SettingRow),
  resetAll: route("write").input(Empty).output(z.array(SettingRow)),
  /** The settings that differ from their defaults, as a file that `import` reads; `name` is a plain file name for it. */
  export: route("read")
    .input(Empty)
    .output(z.object({ name: z.string(), text: z.string() })),
  /** The text of such a file. Each value is parsed by its setting's own schema; what is refused is told. */
  import: route("write")
    .input(z.object({ text: z.string().max(mostSettingsText) }))
    .output(SettingsImport),
};
