import { readFileSync } from "node:fs";

const manifest = new URL("../../../node_modules/electron/package.json", import.meta.url);

/**
 * Lets this process or thread look like Electron's where libraries ask, so that they take the ways they would take
 * there: every process and thread of Electron has this version.
 */
export function pretendElectron(): void {
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  Object.defineProperty(process.versions, "electron", { value: version, enumerable: true });
}
