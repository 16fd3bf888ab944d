/**
 * Everything that runs as a thread or process of its own, by name, relative to src/main. The bundler takes its
 * inputs from here, and the running program its paths.
 */
export const entries = {
  inference: "engines/inference/worker.ts",
  generation: "engines/generation/worker.ts",
  ocr: "engines/ocr/worker.ts",
  search: "engines/search/worker.ts",
  readers: "engines/readers/worker.ts",
  pages: "engines/pages/worker.ts",
  probe: "engines/probe.ts",
  database: "db/database-thread.ts",
} as const;

export type EntryName = keyof typeof entries;

/**
 * Where an entry lies: the TypeScript source when Croft runs from source (Node strips the types), the bundled file
 * beside this one otherwise.
 */
export function entryUrl(name: EntryName): URL {
  const here = import.meta.url;
  return here.endsWith(".ts") ? new URL(`../${entries[name]}`, here) : new URL(`./${name}.js`, here);
}
