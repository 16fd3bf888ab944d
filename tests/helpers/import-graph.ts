import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseSync } from "vite";

/** Packages and files that a source file can load, through everything it imports, and the way to each. */
export type Reached = { packages: Map<string, string[]>; files: Set<string> };

/**
 * Walks the imports of a TypeScript file, static and dynamic, without running anything. Imports of types vanish when
 * the program runs and do not count; an import whose name is computed fails the walk, since nobody could follow it.
 */
export function importGraph(entry: string): Reached {
  const reached: Reached = { packages: new Map(), files: new Set() };
  const queue: { file: string; way: string[] }[] = [{ file: resolve(entry), way: [] }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { file, way } = next;
    if (reached.files.has(file)) continue;
    reached.files.add(file);
    const here = [...way, file];
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith(".")) queue.push({ file: resolve(dirname(file), specifier), way: here });
      else if (!reached.packages.has(specifier)) reached.packages.set(specifier, here);
    }
  }
  return reached;
}

function importsOf(file: string): string[] {
  if (!existsSync(file)) throw new Error(`${file} is imported and does not exist.`);
  const code = readFileSync(file, "utf8");
  const { module } = parseSync(file, code);
  const isStatic = (entries: { isType: boolean }[]) => entries.length === 0 || entries.some(({ isType }) => !isType);
  const imports = module.staticImports.filter(({ entries }) => isStatic(entries)).map(({ moduleRequest }) => moduleRequest.value);
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.filter(({ isType }) => !isType).flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => {
    const text = code.slice(moduleRequest.start, moduleRequest.end);
    const literal = /^["'`]([^"'`$]+)["'`]$/.exec(text)?.[1];
    if (literal === undefined) throw new Error(`${file} imports a computed name: ${text}`);
    return literal;
  });
  return [...imports, ...exports, ...dynamic];
}
