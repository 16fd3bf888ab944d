import { queryOptions } from "@tanstack/react-query";
import { AppError, fromWire, isAbort } from "../../../shared/errors.ts";
import { pageWidths } from "../../../shared/page-widths.ts";
import { desktopHost } from "../../api/host.ts";

/** A drawn page is a little larger than it is shown: reduced, its letters stay sharp. */
const spare = 1.25;
/** Pages that were left behind stay for a while: people go back. */
const keptMs = 60_000;

/** The width in which a page is asked for that is shown so wide. */
export function imageWidth(shownPixels: number, pixelRatio: number): number {
  const wanted = shownPixels * pixelRatio * spare;
  return pageWidths.find((width) => width >= wanted) ?? pageWidths[pageWidths.length - 1] ?? 960;
}

const filesAddress = (path: string, base: string): string => new URL(`${desktopHost() ? "bytes" : "files"}/documents/${path}`, base).href;

export const originalAddress = (documentId: string, base = window.location.href): string => filesAddress(`${documentId}/original`, base);

/**
 * The picture of a page.
 * @throws NOT_FOUND CONFLICT FILE_* as core says · ABORTED
 */
export const pageImage = (documentId: string, textHash: string, page: number, width: number) =>
  queryOptions({
    // Not below the key of a contract route: news of other documents must not have it drawn again.
    queryKey: ["page-image", documentId, textHash, page, width],
    gcTime: keptMs,
    // Core gave up a drawing that somebody else had asked for and left: whoever still looks at the page asks again.
    retry: (failures, error) => isAbort(error) && failures < 3,
    queryFn: async ({ signal }): Promise<Blob> => {
      const response = await fetch(filesAddress(`${documentId}/pages/${page}?width=${width}`, window.location.href), { signal });
      if (!response.ok) throw await refusal(response);
      return response.blob();
    },
  });

async function refusal(response: Response): Promise<AppError> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : undefined;
  const isWire = (value: unknown): value is Parameters<typeof fromWire>[0] =>
    typeof value === "object" && value !== null && "code" in value && typeof value.code === "string" && "message" in value;
  return isWire(error) ? fromWire(error) : new AppError("INTERNAL", "The page could not be fetched.");
}
