import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Pdfjs from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFDataRangeTransport, PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { AppError } from "../../../../shared/errors.ts";
import type { Source } from "../format.ts";
import { problems } from "../problems.ts";
import { withNewPageTree } from "./rescue.ts";

// Not called `require`: the bundler declares one of that name in every program.
const packages = createRequire(import.meta.url);
const folder = dirname(packages.resolve("pdfjs-dist/package.json"));
const part = (name: string) => `${join(folder, name)}${sep}`;

let library: Promise<typeof Pdfjs> | undefined;

/** pdf.js, loaded when the first PDF comes: it is large, and only one copy may live in a process. */
export function loadPdfjs() {
  library ??= import("pdfjs-dist/legacy/build/pdf.mjs").then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerSrc = pathToFileURL(join(folder, "legacy/build/pdf.worker.mjs")).href;
    return pdfjs;
  });
  return library;
}

export type OpenPdf = {
  document: PDFDocumentProxy;
  close(): Promise<void>;
  /** The page tree was lost and was made anew: pages may be missing or in another order. */
  rescued?: true;
};

/**
 * Opens a document; everything pdf.js needs comes from its package folder, nothing from the network.
 * @throws FILE_ENCRYPTED · FILE_PASSWORD_WRONG · FILE_DAMAGED
 */
export async function openPdf(source: Source): Promise<OpenPdf> {
  try {
    return await open(source, whole(source.bytes));
  } catch (error) {
    const repaired = error instanceof AppError && error.code === "FILE_DAMAGED" ? withNewPageTree(source.bytes) : undefined;
    if (repaired === undefined) throw error;
    // The first error tells more of the file than that of the attempt to mend it.
    const opened = await open(source, whole(repaired)).catch(() => {
      throw error;
    });
    return { ...opened, rescued: true };
  }
}

/**
 * As `openPdf`, of a file whose parts are asked for as they are needed; nothing is mended.
 * @throws as `openPdf`
 */
export const openPdfInParts = (source: Omit<Source, "bytes">, range: PDFDataRangeTransport, partBytes: number): Promise<OpenPdf> =>
  open(source, { range, rangeChunkSize: partBytes, disableAutoFetch: true, disableStream: true });

/** pdf.js takes ownership of the buffer it is given. */
const whole = (bytes: Uint8Array) => ({ data: new Uint8Array(bytes) });

type Content =
  | ReturnType<typeof whole>
  | { range: PDFDataRangeTransport; rangeChunkSize: number; disableAutoFetch: true; disableStream: true };

async function open({ path, password, limits }: Omit<Source, "bytes">, content: Content): Promise<OpenPdf> {
  const pdfjs = await loadPdfjs();
  const task = pdfjs.getDocument({
    ...content,
    ...(password === undefined ? {} : { password }),
    cMapUrl: part("cmaps"),
    standardFontDataUrl: part("standard_fonts"),
    wasmUrl: part("wasm"),
    iccUrl: part("iccs"),
    maxImageSize: limits.pixels,
    disableFontFace: true,
    fontExtraProperties: true,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  const close = () => task.destroy().catch(() => {});
  try {
    return { document: await task.promise, close };
  } catch (error) {
    await close();
    throw openingError(error, path, password);
  }
}

function openingError(error: unknown, path: string, password: string | undefined): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  // pdf.js: PasswordException has code 1 when a password is needed and 2 when the one given is wrong.
  if (error.name === "PasswordException") return password === undefined ? problems.encrypted(path) : problems.passwordWrong(path);
  if (/encryption (?:method|dictionary|algorithm)|unknown crypto|unsupported encryption/i.test(error.message))
    return problems.encryptionUnknown(path, error);
  return problems.damaged(path, "its structure cannot be followed", error);
}
