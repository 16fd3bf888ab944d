import type { ReadOptions } from "../../../../shared/contract/reading.ts";
import { AppError } from "../../../../shared/errors.ts";
import type { DocumentContent } from "../documents/document-content.ts";
import { type FilePlace, namesInside, packGeometry, type ReadDocument, type Reading } from "../reading/index.ts";
import { pagesRead } from "./reading-options.ts";
import type { PagesRead } from "../pages/revision-store.ts";

/** A file inside another: its place in what the reader lists. */
export type Held = { place: number; name: string; bytes: number };

/** Files inside one file that are indexed at most. */
const MOST_HELD = 200;

export type ForIndex = { content: DocumentContent; reading: PagesRead | undefined; held: Held[] };

export type ReadForIndex = {
  /** Lends a file on disk or inside another. @throws as `Reading.withFile` */
  open: <Result>(
    place: FilePlace,
    options: ReadOptions,
    signal: AbortSignal,
    use: (found: { path: string; name: string }) => Promise<Result>,
  ) => Promise<Result>;
  /**
   * Reads a file into what the indexer takes. Without `recognise` its pages that are pictures are left out and counted
   * as waiting: to recognise them is slow, and is done when everything else is.
   * @throws FILE_* TIMEOUT ENGINE_* · NOT_SUPPORTED when its pages are in a language that cannot be recognised
   */
  read(
    file: { path: string; name: string; contentHash: string; recognise: boolean },
    options: ReadOptions,
    signal: AbortSignal,
  ): Promise<ForIndex>;
  /** Whether every language that is to be recognised is installed. */
  canRecognise(options: ReadOptions, signal: AbortSignal): Promise<boolean>;
};

/** The reading of files in the background. */
export function createReadForIndex(deps: {
  reading: Reading;
  languages: (signal: AbortSignal) => Promise<readonly string[]>;
}): ReadForIndex {
  const { reading, languages } = deps;
  const control = (signal: AbortSignal) => ({ signal, priority: "background" as const });

  async function missing(options: ReadOptions, signal: AbortSignal): Promise<string[]> {
    const installed = await languages(signal);
    return options.languages.filter((language) => !installed.includes(language));
  }

  return {
    open: (place, options, signal, use) => reading.withFile(place, options.password, control(signal), use),

    async read({ path, name, contentHash, recognise }, options, signal) {
      const lacking = recognise && options.ocr !== "never" ? await missing(options, signal) : [];
      const mayRecognise = recognise && lacking.length === 0;
      const read = await reading.readDocument(path, mayRecognise ? options : { ...options, ocr: "never" }, control(signal));
      const recognisable = !read.isDrawable ? 0 : options.ocr === "always" ? read.pages.length : read.recognisablePages;
      if (lacking.length > 0 && recognisable > 0) throw notInstalled(name, lacking);
      const waiting = mayRecognise || options.ocr === "never" ? 0 : recognisable;
      const ocrPages = read.pages.filter(({ source }) => source === "ocr").length;
      const held = heldBy(read);
      return {
        content: contentOf(read, name, contentHash, held),
        reading: read.isDrawable ? pagesRead(options, { recognisable, waiting, ocrPages }) : undefined,
        held,
      };
    },
    canRecognise: async (options, signal) => (await missing(options, signal)).length === 0,
  };
}

function contentOf(read: ReadDocument, name: string, contentHash: string, held: readonly Held[]): DocumentContent {
  const cut = read.attachments.length > MOST_HELD;
  return {
    contentHash,
    title: read.head.title ?? name,
    type: read.head.type,
    bytes: read.bytes,
    language: read.language,
    metadata: { ...read.head.metadata, ...(held.length > 0 || isMail(read.head.type) ? { attachments: held } : {}) },
    warnings: cut
      ? [...read.warnings, { code: "ATTACHMENTS_CUT", message: `Only the first ${MOST_HELD} files inside it are indexed.` }]
      : read.warnings,
    text: read.text,
    textHash: read.textHash,
    blocks: read.blocks,
    pages: read.pages.map((page, index) => {
      const geometry = read.geometry[index];
      return { ...page, ...(geometry ? { geometry: packGeometry(geometry) } : {}) };
    }),
  };
}

/** Pictures that only decorate a mail are no documents. */
function heldBy({ attachments }: ReadDocument): Held[] {
  const names = namesInside(attachments);
  return attachments
    .slice(0, MOST_HELD)
    .flatMap(({ bytes, inline }, place) => (inline ? [] : [{ place, name: names[place] ?? "attachment", bytes }]));
}

export const isMail = (type: string): boolean => type === "eml" || type === "msg";

const notInstalled = (name: string, lacking: readonly string[]) =>
  new AppError("NOT_SUPPORTED", `${name} holds pictures of text, and text recognition for ${lacking.join(", ")} is not installed.`, {
    hint: "Install the language or choose another, and sync again.",
  });
