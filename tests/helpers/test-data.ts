import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** Documents for measuring, kept outside the repository: CROFT_TEST_DATA, or `shared/data` beside it. */
const folder = process.env["CROFT_TEST_DATA"] || fileURLToPath(new URL("../../../shared/data", import.meta.url));

export const testData = (path: string): string => join(folder, path);

/** Why a test of these data cannot run, or undefined when it can. */
export function missingData(path: string): string | undefined {
  return existsSync(testData(path)) ? undefined : `${path} is not in ${folder}; CROFT_TEST_DATA names another folder`;
}
