import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { z } from "zod";
import { Id } from "../../../../shared/contract/define.ts";
import { AppError } from "../../../../shared/errors.ts";
import { pageWidths } from "../../../../shared/page-widths.ts";
import type { CallerContext } from "../../../core/implementer.ts";
import { type FindOriginal, type LendInside, type Original, originalProblem } from "./bytes-original.ts";
import type { DrawPage } from "./bytes-pages.ts";
import { type ByteRange, byteRange } from "./bytes-range.ts";
import { hashFile } from "../sources/file-hash.ts";
import type { LayoutStore, StoredLayout } from "./layout-store.ts";

export type ServeBytes = (request: Request, context: CallerContext) => Promise<Response>;

/** Larger originals are not served: nobody reads them through a page. */
const largestOriginal = 2 * 1024 ** 3;

const PageAddress = z.object({
  id: Id,
  page: z.coerce.number().int().min(1).max(1_000_000),
  width: z.coerce.number().pipe(z.literal(pageWidths)),
});

export type ServeBytesDeps = {
  layouts: LayoutStore;
  findOriginal: FindOriginal;
  drawPage: DrawPage;
  lendInside: LendInside;
  /** The password that files of a source are opened with. */
  passwordOf: (sourceId: string) => Promise<string | undefined>;
};

/**
 * What no route returns as JSON, by document and never by path:
 * `/files/documents/<id>/pages/<page>?width=<pixels>` is a JPEG of the page, `/files/documents/<id>/original` the file as
 * it lies on the disk, to be saved and never to be shown: its type says nothing, and ranges of it can be asked for.
 * @throws NOT_FOUND for another address, a deleted document or a missing file · CONFLICT for a file that was changed ·
 *   FORBIDDEN · INVALID_INPUT · what drawing throws
 */
export function createServeBytes({ layouts, findOriginal, drawPage, lendInside, passwordOf }: ServeBytesDeps): ServeBytes {
  async function open(
    id: string,
    { principal }: CallerContext,
    signal: AbortSignal,
  ): Promise<{ layout: StoredLayout; original: Original }> {
    if (!principal.effects.has("read")) throw new AppError("FORBIDDEN", `${principal.name} may not read documents.`);
    const layout = layouts.find(id);
    const { collections } = principal;
    if (!layout || (collections && !layout.collections.some((collection) => collections.has(collection))))
      throw new AppError("NOT_FOUND", `There is no document ${id}.`);
    const { state, original } = await findOriginal(layout, signal);
    if (!original) throw originalProblem(state === "present" ? "missing" : state, layout.title);
    return { layout, original };
  }

  /** A file inside another, once it was taken out of it and seen to be the one that was read. */
  function lend<Result>(
    { title, contentHash }: StoredLayout,
    original: Original,
    signal: AbortSignal,
    use: (path: string) => Promise<Result>,
  ) {
    return lendInside(original, signal, async (path) => {
      if ((await hashFile(path, signal)) !== contentHash) throw originalProblem("changed", title);
      return use(path);
    });
  }

  return async (request, context) => {
    const { pathname, searchParams } = new URL(request.url);
    const [, id = "", rest = ""] = /^\/files\/documents\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
    if (rest === "original" && Id.safeParse(id).success) {
      const { layout, original } = await open(id, context, request.signal);
      if (original.places.length === 0)
        return serveOriginal(request, original, ({ first, last }) => streamOf(original, first, last, request));
      const content = await lend(layout, original, request.signal, (path) => readFile(path));
      return serveOriginal(request, { ...original, bytes: content.length }, ({ first, last }) => content.subarray(first, last + 1));
    }
    const [, page] = /^pages\/(\d+)$/.exec(rest) ?? [];
    if (page === undefined || !Id.safeParse(id).success) throw new AppError("NOT_FOUND", "There is nothing at this address.");
    const wanted = PageAddress.safeParse({ id, page, width: searchParams.get("width") });
    if (!wanted.success)
      throw new AppError("INVALID_INPUT", `A page is asked for by its number and one of the widths ${pageWidths.join(", ")}.`);
    const { layout, original } = await open(id, context, request.signal);
    const password = await passwordOf(original.sourceId);
    const { contentHash } = layout;
    const file =
      original.places.length === 0
        ? { path: original.path }
        : {
            lend: <Result>(signal: AbortSignal, use: (path: string) => Promise<Result>) => lend(layout, original, signal, use),
          };
    const image = await drawPage({ ...wanted.data, file, password, contentHash }, request.signal);
    return new Response(image, { headers: { "content-type": "image/jpeg", "content-length": String(image.length) } });
  };
}

function streamOf({ path }: Original, start: number, end: number, { signal }: Request): ReadableStream<Uint8Array> {
  return Readable.toWeb(createReadStream(path, { start, end, signal })) as ReadableStream<Uint8Array>;
}

function serveOriginal(
  request: Request,
  { name, bytes }: Original,
  bodyOf: (range: ByteRange) => ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>,
): Response {
  if (bytes > largestOriginal) throw new AppError("FILE_TOO_LARGE", "The file is larger than 2 GB; open it where it lies.");
  const range = byteRange(request.headers.get("range"), bytes);
  const { first, last } = range ?? { first: 0, last: bytes - 1 };
  const headers: Record<string, string> = {
    // Whatever the file is: nothing of it is ever shown, run or sniffed.
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${encodeName(name)}`,
    "content-length": String(last - first + 1),
    "accept-ranges": "bytes",
    ...(range ? { "content-range": `bytes ${first}-${last}/${bytes}` } : {}),
  };
  const status = range ? 206 : 200;
  if (request.method === "HEAD" || bytes === 0) return new Response(null, { status, headers });
  return new Response(bodyOf({ first, last }), { status, headers });
}

/** RFC 8187: what is neither a letter nor a digit nor one of a few signs is percent-encoded. */
const encodeName = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
