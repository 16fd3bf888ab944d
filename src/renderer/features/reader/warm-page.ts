import type { Croft } from "../../api/croft.ts";
import { type Evidence, useReader } from "../../view/reader-store.ts";
import { fittingScale } from "./page-frames.ts";
import { imageWidth, pageImage } from "./page-image.ts";
import { pageViewCode } from "./page-view-code.ts";

/** Inner width of a reader on a usual window; a page that is drawn for another width is only drawn again. */
const usualWidth = 520;

/**
 * Gets a page ready that a person is about to open: they point at its citation for a moment before they press. What
 * fails is told when it is opened.
 */
export async function warmPage({ orpc, cache }: Pick<Croft, "orpc" | "cache">, evidence: Evidence): Promise<void> {
  const { document, textHash, page, boxes } = evidence;
  const { view, zoom } = useReader.getState();
  if (page === undefined || !boxes || view !== "page" || zoom !== "fit") return;
  try {
    const layout = await cache.fetchQuery(orpc.reading.layout.queryOptions({ input: { documentId: document.id } }));
    const width = layout.pages.find((one) => one.page === page)?.width;
    if (!layout.drawable || layout.original !== "present" || width === undefined) return;
    void cache.prefetchQuery(pageViewCode);
    const shown = width * fittingScale(layout.pages, usualWidth);
    await cache.prefetchQuery(pageImage(document.id, textHash, page, imageWidth(shown, window.devicePixelRatio)));
  } catch {
    // Nobody asked for it yet.
  }
}
