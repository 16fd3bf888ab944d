import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Pdfjs from "pdfjs-dist/legacy/build/pdf.mjs";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
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
    return await open(source, source.bytes);
  } catch (error) {
    const repaired = error instanceof AppError && error.code === "FILE_DAMAGED" ? withNewPageTree(source.bytes) : undefined;
    if (repaired === undefined) throw error;
    // The first error tells more of the file than that of the attempt to mend it.
    const opened = await open(source, repaired).catch(() => {
      throw error;
    });
    return { ...opened, rescued: true };
  }
}

async function open({ path, password, limits }: Source, data: Uint8Array): Promise<OpenPdf> {
  const pdfjs = await loadPdfjs();
  const task = pdfjs.getDocument({
    // pdf.js takes ownership of the buffer it is given.
    data: new Uint8Array(data),
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
