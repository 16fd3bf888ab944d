import { basename } from "node:path";
import type { ReadOptions } from "../../../shared/contract/reading.ts";
import { AppError } from "../../../shared/errors.ts";
import type { DocumentContent } from "./index-document.ts";
import { packGeometry, type Reading } from "./reading/index.ts";
import type { SourceOptions } from "./source-store.ts";

export type ReadForIndex = {
  /**
   * Reads a file into what the indexer takes, or gives undefined when its pages must be recognised and `recognise` is
   * false: that is slow, and is done when everything else is.
   * @throws FILE_* TIMEOUT ENGINE_* · NOT_SUPPORTED when the file is pictures in a language that cannot be recognised
   */
  read(
    file: { path: string; contentHash: string; recognise: boolean },
    options: SourceOptions["reading"],
    signal: AbortSignal,
  ): Promise<{ content: DocumentContent; ocrPages: number } | undefined>;
  /** Whether every language that a source is to be recognised in is installed. */
  canRecognise(options: SourceOptions["reading"], signal: AbortSignal): Promise<boolean>;
};

/** The reading of files in the background; `withDefaults` fills in what a source leaves to the settings. */
export function createReadForIndex(deps: {
  reading: Reading;
  withDefaults: (options: SourceOptions["reading"]) => ReadOptions;
  languages: (signal: AbortSignal) => Promise<readonly string[]>;
}): ReadForIndex {
  const { reading, withDefaults, languages } = deps;

  async function missing(options: ReadOptions, signal: AbortSignal): Promise<string[]> {
    const installed = await languages(signal);
    return options.languages.filter((language) => !installed.includes(language));
  }

  return {
    async read({ path, contentHash, recognise }, given, signal) {
      const options = withDefaults(given);
      const read = await reading.readDocument(path, recognise ? options : { ...options, ocr: "never" }, { signal, priority: "background" });
      if (!recognise && options.ocr !== "never") {
        const isDrawable = read.head.type === "pdf" || read.head.mime.startsWith("image/");
        if (options.ocr === "always" ? isDrawable : read.unrecognisedPages > 0) return undefined;
      }
      if (read.text.trim() === "" && read.warnings.some(({ code }) => code === "OCR_FAILED")) {
        const lacking = await missing(options, signal);
        if (lacking.length > 0) throw notInstalled(path, lacking);
      }
      const content: DocumentContent = {
        contentHash,
        title: read.head.title ?? basename(path),
        type: read.head.type,
        bytes: read.bytes,
        language: read.language,
        metadata: read.head.metadata,
        warnings: read.warnings,
        text: read.text,
        textHash: read.textHash,
        blocks: read.blocks,
        pages: read.pages.map((page, index) => {
          const geometry = read.geometry[index];
          return { ...page, ...(geometry ? { geometry: packGeometry(geometry) } : {}) };
        }),
      };
      return { content, ocrPages: read.pages.filter(({ source }) => source === "ocr").length };
    },
    canRecognise: async (given, signal) => (await missing(withDefaults(given), signal)).length === 0,
  };
}

const notInstalled = (path: string, lacking: readonly string[]) =>
  new AppError(
    "NOT_SUPPORTED",
    `${basename(path)} holds pictures of text, and text recognition for ${lacking.join(", ")} is not installed.`,
    {
      hint: "Install the language or choose another, and sync again.",
    },
  );
