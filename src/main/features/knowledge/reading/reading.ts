import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { ReadOptions } from "../../../../shared/contract/reading.ts";
import { AppError, isAbort } from "../../../../shared/errors.ts";
import type { Logger } from "../../../core/logger.ts";
import type { EngineHost, Priority } from "../../../engines/engine.ts";
import type { OcrProtocol } from "../../../engines/ocr/protocol.ts";
import type { ReadersProtocol, ReadHead, ReadInput, ReadLimits, ReadOutput, ReadPage } from "../../../engines/readers/protocol.ts";
import { assemble } from "./assemble.ts";
import type { Assembled } from "./assemble.ts";
import { languageOf } from "./language-of.ts";
import { defaultLimits, stallMs } from "./limits.ts";
import type { PageText } from "./page.ts";
import { type FilePlace, placeOf } from "./places-of.ts";
import { recognisePages } from "./recognise-pages.ts";
import { withAttachment } from "./with-attachment.ts";
import { watchCalls } from "./watchdog.ts";

export type ReadDocument = Assembled & {
  head: ReadHead;
  /** Size of the file. */
  bytes: number;
  /** ISO 639-1. */
  language: string | undefined;
  /** Whether its pages have a picture that can be recognised. */
  isDrawable: boolean;
  /** Pages that can be drawn and hold no text of their own; all that can be drawn where recognition is always wanted. */
  recognisablePages: number;
  /** Those of them that were not recognised, since the options forbade it. */
  unrecognisedPages: number;
  attachments: ReadOutput["attachments"];
  warnings: ReadOutput["warnings"];
};

export type ReadControl = {
  signal: AbortSignal;
  priority: Priority;
  /** Called after each page that is read or recognised; `total` grows by the pages to be recognised. */
  onPage?: ((progress: { done: number; total: number }) => void) | undefined;
};

export type Reading = ReturnType<typeof createReading>;

/** Reads files through the readers' process and recognises pages without text. */
export function createReading({
  readers,
  ocr,
  log,
  limits = defaultLimits,
}: {
  readers: EngineHost<ReadersProtocol>;
  ocr: EngineHost<OcrProtocol>;
  log: Logger;
  limits?: ReadLimits;
}) {
  const callReaders = watchCalls(readers, { restart: true });
  const callOcr = watchCalls(ocr, { restart: false });
  const running = new Set<{ shared: boolean }>();

  /** Files that are read side by side share a process: one that lost it, or its time, to another is read once more. */
  async function read(file: ReadInput, control: ReadControl): Promise<{ head: ReadHead; pages: ReadPage[]; output: ReadOutput }> {
    for (let attempt = 1; ; attempt += 1) {
      const call = { shared: running.size > 0 };
      for (const other of running) other.shared = true;
      running.add(call);
      try {
        return await readOnce(file, control);
      } catch (error) {
        if (attempt > 1 || !call.shared || !isLost(error) || control.signal.aborted) throw explain(error, file.path);
      } finally {
        running.delete(call);
      }
    }
  }

  async function readOnce(file: ReadInput, { signal, priority, onPage }: ReadControl) {
    let head: ReadHead | undefined;
    const pages: ReadPage[] = [];
    const output = await callReaders("read", file, { signal, priority, stallMs: stallMs.read, what: basename(file.path) }, (item) => {
      if (item.kind === "head") ({ head } = item);
      if (item.kind !== "page") return;
      pages.push(item.page);
      onPage?.({ done: pages.length, total: head?.pages ?? pages.length });
    });
    if (!head) throw new AppError("INTERNAL", "The readers gave no description of the file.");
    return { head, pages, output };
  }

  const reading = {
    /**
     * The text of a file with its structure and the places of its words. A file that makes its reader hang, swell or
     * crash is given up; the next one gets a fresh process.
     * @throws FILE_* · TIMEOUT · ABORTED · ENGINE_UNAVAILABLE
     */
    async readDocument(path: string, options: ReadOptions, { signal, priority, onPage }: ReadControl): Promise<ReadDocument> {
      const file = { path, limits, ...(options.password === undefined ? {} : { password: options.password }) };
      const { head, pages, output } = await read(file, { signal, priority, onPage });
      const texts = pages.map(toPageText);
      const recognisable = texts.filter((_, index) => isDrawable(head) && (options.ocr === "always" || pages[index]?.needsOcr === true));
      const wanted = options.ocr === "never" ? [] : recognisable;
      let done = pages.length;
      const recognised = await recognisePages(
        wanted,
        file,
        { readers: callReaders, ocr: callOcr, languages: languagesOf(options), signal, priority },
        () => {
          done += 1;
          onPage?.({ done, total: pages.length + wanted.length });
        },
      );
      if (recognised.warnings.length > 0) log.warn("reading.ocr-failed", { pages: recognised.warnings.length });
      const assembled = assemble(
        texts.map((page) => recognised.pages.get(page.page) ?? page),
        output.tables,
      );
      const warnings = [...output.warnings, ...recognised.warnings, ...noTextWarning(assembled.text, options)];
      const { size: bytes } = await stat(path);
      return {
        ...assembled,
        head,
        bytes,
        language: await languageOf(assembled.text, callReaders, { signal, priority, what: basename(path) }),
        isDrawable: isDrawable(head),
        recognisablePages: recognisable.length,
        unrecognisedPages: recognisable.length - wanted.length,
        attachments: output.attachments,
        warnings,
      };
    },

    /**
     * Lends a file on disk, or one inside it, which lies in a temporary file until `use` is done. `places` leads to it
     * through what `attachments` lists: `[2]` is the file's third, `[2, 0]` the first of that one.
     * @throws INVALID_INPUT for too many places · NOT_FOUND where there is none · FILE_* of what it lies in
     */
    withFile: <Result>(
      { path, places }: FilePlace,
      password: string | undefined,
      control: ReadControl,
      use: (found: { path: string; name: string }) => Promise<Result>,
    ): Promise<Result> =>
      places.length === 0
        ? use({ path, name: basename(path) })
        : withAttachment(path, places, { extract: callReaders, limits, ...control, password }, use),

    /** As `readDocument`, of a file inside another too. @throws as `withFile` and `readDocument` */
    readPlace: (place: FilePlace, options: ReadOptions, control: ReadControl): Promise<ReadDocument & { name: string }> =>
      reading.withFile(place, options.password, control, async ({ path, name }) => ({
        ...(await reading.readDocument(path, options, control)),
        name,
      })),

    /** What a path means; `mail.eml › invoice.pdf` is a file inside another. @throws NOT_FOUND · FILE_* */
    placeOf: (path: string, { password }: { password?: string | undefined }, control: ReadControl): Promise<FilePlace> =>
      placeOf(path, async (place) => (await reading.readPlace(place, { ocr: "never", languages: [], password }, control)).attachments),
  };
  return reading;
}

/** Types whose pages can be drawn; others have no picture to recognise. */
const isDrawable = ({ type, mime }: ReadHead) => type === "pdf" || mime.startsWith("image/");

const languagesOf = ({ languages }: ReadOptions) => (languages.length > 0 ? languages : ["eng"]);

function toPageText({ page, text, blocks, width, height, words }: ReadPage): PageText {
  return { page, text, blocks, width, height, source: "text", ...(words && words.starts.length > 0 ? { geometry: words } : {}) };
}

function noTextWarning(text: string, { ocr }: ReadOptions) {
  if (text.trim() !== "") return [];
  const hint = ocr === "never" ? " Its pages were not recognised, as asked for." : "";
  return [{ code: "NO_TEXT", message: `No text was found in the file.${hint}` }];
}

const isLost = (error: unknown) => error instanceof AppError && (error.code === "ENGINE_EXITED" || error.code === "TIMEOUT");

/** The process died of the file: that is a fact about the file, and not about Croft. */
function explain(error: unknown, path: string): unknown {
  if (isAbort(error) || !(error instanceof AppError) || error.code !== "ENGINE_EXITED") return error;
  return new AppError("FILE_HOSTILE", `${basename(path)} made its reader crash and was given up; everything else goes on.`, {
    hint: "Save the file again with another program, or leave it out.",
    cause: error,
  });
}
