import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Integer LSTM models: as good on print as the larger ones, a quarter of their size. */
const VARIANTS = ["4.0.0_best_int", "4.0.0"];

/**
 * Folders of Tesseract's language data by language code: every @tesseract.js-data package that is installed.
 * Inside a packaged app they lie unpacked beside the archive, since native code opens them.
 */
export function ocrLanguages(): Record<string, string> {
  const scope = dirname(dirname(createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json"))).replace(
    /app\.asar(?!\.unpacked)/,
    "app.asar.unpacked",
  );
  return Object.fromEntries(
    readdirSync(scope).flatMap((code) => {
      const folder = VARIANTS.map((variant) => join(scope, code, variant)).find((candidate) =>
        existsSync(join(candidate, `${code}.traineddata.gz`)),
      );
      return folder ? [[code, folder]] : [];
    }),
  );
}
