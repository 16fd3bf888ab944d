import { open, stat } from "node:fs/promises";
import { AppError } from "../../../shared/errors.ts";
import type { Source } from "../readers/format.ts";
import { loadFile } from "../readers/load-file.ts";
import { loadPdfjs, type OpenPdf, openPdf, openPdfInParts } from "../readers/pdf/library.ts";
import { problems } from "../readers/problems.ts";

export type PdfFile = OpenPdf & {
  /** Rejects when the file can no longer be read; what is drawn then would never end. */
  lost: Promise<never>;
};

/** A file of this size is read in a few milliseconds, and at once that is sooner than in parts. */
const smallBytes = 4 * 1024 * 1024;
/** Bytes of one part, as many as a page of a book commonly has. */
const partBytes = 256 * 1024;

/**
 * Opens a document for single pages of it: of a large file only the parts are read that the wanted pages need. One that
 * cannot be opened so is read wholly, to be mended. A file that changes meanwhile is lost.
 * @throws FILE_* as the readers do · ABORTED
 */
export async function openPdfFile(
  source: Omit<Source, "bytes">,
  { whole, signal }: { whole: boolean; signal: AbortSignal },
): Promise<PdfFile> {
  const { size } = await stat(source.path).catch((error: unknown) => {
    throw problems.unreadable(source.path, error);
  });
  if (!whole && size > smallBytes && size <= source.limits.bytes) {
    try {
      return await openInParts(source);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "FILE_DAMAGED") throw error;
    }
  }
  const bytes = await loadFile(source.path, source.limits.bytes, signal);
  return { ...(await openPdf({ ...source, bytes })), lost: new Promise(() => {}) };
}

async function openInParts(source: Omit<Source, "bytes">): Promise<PdfFile> {
  const { path } = source;
  const { PDFDataRangeTransport } = await loadPdfjs();
  const first = await stat(path);
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});

  /** No handle is kept between parts: nobody is kept from moving the file. */
  async function part(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const file = await open(path, "r");
    try {
      const now = await file.stat();
      if (now.size !== first.size || now.mtimeMs !== first.mtimeMs) throw new Error("the file was changed while its pages were drawn");
      const bytes = new Uint8Array(Math.min(end, first.size) - begin);
      for (let filled = 0; filled < bytes.length;) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, begin + filled);
        if (bytesRead === 0) throw new Error("the file ended early");
        filled += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  const parts = new PDFDataRangeTransport(first.size, null);
  parts.requestDataRange = (begin, end) => {
    part(begin, end).then(
      (bytes) => parts.onDataRange(begin, bytes),
      (error: unknown) => {
        lost.reject(problems.unreadable(path, error));
        // Of no use to anybody, but pdf.js would wait for it for ever, and could not even be closed.
        parts.onDataRange(begin, new Uint8Array(Math.min(end, first.size) - begin));
      },
    );
  };
  const opening = openPdfInParts(source, parts, partBytes);
  try {
    const { document, close } = await Promise.race([opening, lost.promise]);
    // Of a lost file pdf.js may still wait for a part, and would be waited for in vain.
    return { document, close: () => Promise.race([close(), lost.promise.catch(() => {})]), lost: lost.promise };
  } catch (error) {
    void opening.then(
      ({ close }) => close(),
      () => {},
    );
    throw error;
  }
}
