import { AppError } from "../../../../shared/errors.ts";
import { os } from "../../../core/implementer.ts";
import { type FindOriginal, originalProblem } from "./bytes-original.ts";
import type { LayoutStore, StoredLayout } from "./layout-store.ts";
import { boxesFor, unpackGeometry } from "../reading/index.ts";

/** Types whose pages can be drawn. */
const drawable: ReadonlySet<string> = new Set(["pdf", "png", "jpg", "tiff", "webp", "gif"]);

export type LayoutDeps = {
  layouts: LayoutStore;
  findOriginal: FindOriginal;
  text: (hash: string) => string;
  /** Undefined where there is no desktop. */
  showInFolder: ((path: string) => Promise<void>) | undefined;
};

/** Handlers of `reading.*`: how documents look, and where words stand on them. */
export function layoutRoutes({ layouts, findOriginal, text, showInFolder }: LayoutDeps) {
  function find(documentId: string): StoredLayout {
    const layout = layouts.find(documentId);
    if (!layout) throw new AppError("NOT_FOUND", "The document was deleted.");
    return layout;
  }

  return {
    layout: os.reading.layout.handler(async ({ input, signal = new AbortController().signal }) => {
      const { contentHash, title, type, textHash, length, warnings, pages, files } = find(input.documentId);
      const { state } = await findOriginal({ contentHash, files }, signal);
      const path = files[0]?.path;
      return {
        documentId: input.documentId,
        title,
        type,
        textHash,
        length,
        warnings,
        pages,
        ...(path === undefined ? {} : { path }),
        original: state,
        // A page of no size was not read, and could not be drawn either.
        drawable: drawable.has(type) && pages.some(({ width, height }) => width && height),
        pending: files.some(({ pending }) => pending),
      };
    }),
    marks: os.reading.marks.handler(({ input: { textHash, start, end } }) =>
      (end > start ? layouts.pagesIn(textHash, start, end) : []).flatMap((page) => {
        const boxes = boxesFor(
          unpackGeometry(page.geometry),
          Math.max(start, page.start) - page.start,
          Math.min(end, page.end) - page.start,
        );
        return boxes.length > 0 ? [{ page: page.page, boxes }] : [];
      }),
    ),
    words: os.reading.words.handler(({ input: { textHash, page } }) => {
      const stored = layouts.page(textHash, page);
      if (!stored) throw new AppError("NOT_FOUND", `The text has no page ${page}.`);
      const geometry = stored.geometry ? unpackGeometry(stored.geometry) : undefined;
      return {
        page,
        start: stored.start,
        text: text(textHash).slice(stored.start, stored.end),
        starts: [...(geometry?.starts ?? [])],
        ends: [...(geometry?.ends ?? [])],
        boxes: Array.from(geometry?.boxes ?? [], (edge) => Math.round(edge * 100) / 100),
      };
    }),
    chunks: os.reading.chunks.handler(({ input: { documentId, start, end } }) => layouts.chunks(documentId, start, end)),
    showInFolder: os.reading.showInFolder.handler(async ({ input, signal = new AbortController().signal }) => {
      const layout = find(input.documentId);
      const { state, original } = await findOriginal(layout, signal);
      // A changed file is still the one that a person wants to see.
      const path = original?.path ?? (state === "changed" ? (layout.files[0]?.inside?.container ?? layout.files[0]?.path) : undefined);
      if (path === undefined) throw originalProblem(state === "present" ? "missing" : state, layout.title);
      if (!showInFolder) throw new AppError("NOT_SUPPORTED", "Folders are shown by the desktop app only.", { hint: `It lies at ${path}.` });
      await showInFolder(path);
      return {};
    }),
  };
}
