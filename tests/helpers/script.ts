import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

/** The checkout. */
export const checkout = resolve(import.meta.dirname, "../..");

/** A module of scripts/lib, which is plain JavaScript: the caller says what it uses of it. */
export async function loadScript<Module>(name: string): Promise<Module> {
  return import(pathToFileURL(join(checkout, "scripts", "lib", name)).href);
}
