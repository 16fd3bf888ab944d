import { AppError } from "../../../../shared/errors.ts";
import type { EngineHost } from "../../../engines/engine.ts";
import type { PagesProtocol } from "../../../engines/pages/protocol.ts";
import { watchCalls } from "../reading/watchdog.ts";
import { defaultLimits } from "../reading/limits.ts";

export type PageRequest = {
  /** Lends the file for as long as `use` takes. */
  file: { path: string } | { lend<Result>(signal: AbortSignal, use: (path: string) => Promise<Result>): Promise<Result> };
  password: string | undefined;
  contentHash: string;
  page: number;
  width: number;
};
export type DrawPage = (request: PageRequest, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** Bytes of drawn pages kept: two hundred pages at the usual width. */
const keptBytes = 64 * 1024 * 1024;
/** A page that was computed so long without an end is given up with its process. */
const stallMs = 15_000;
/** Pages drawn at once: while one is encoded the next is drawn. */
const inFlight = 2;

type Drawing = { image: Promise<Uint8Array<ArrayBuffer>>; users: number; abandon: AbortController };

/**
 * Draws pages in their process, the newest request first, since it is what a person looks at now. Two who want the
 * same page share one drawing, which is given up when both have left; the pages used last are kept.
 */
export function createDrawPage(host: EngineHost<PagesProtocol>): DrawPage {
  const call = watchCalls(host, { restart: true });
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const drawings = new Map<string, Drawing>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let bytes = 0;

  async function inTurn<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    if (running >= inFlight) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = waiting.pop();
      if (next) next();
      else running -= 1;
    }
  }

  function keep(key: string, image: Uint8Array<ArrayBuffer>): void {
    kept.set(key, image);
    bytes += image.length;
    for (const [oldest, dropped] of kept) {
      if (bytes <= keptBytes || oldest === key) break;
      kept.delete(oldest);
      bytes -= dropped.length;
    }
  }

  async function draw({ file, password, contentHash, page, width }: PageRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const temporary = "lend" in file;
    const drawFrom = (path: string) =>
      call(
        "draw",
        { path, revision: contentHash, temporary, page, width, limits: defaultLimits, ...(password === undefined ? {} : { password }) },
        { signal, priority: "interactive", stallMs, what: `Page ${page}` },
      );
    const { image } = await inTurn(signal, () => (temporary ? file.lend(signal, drawFrom) : drawFrom(file.path)));
    return new Uint8Array(image);
  }

  function start(key: string, request: PageRequest): Drawing {
    const abandon = new AbortController();
    const image = draw(request, abandon.signal)
      .then((drawn) => (keep(key, drawn), drawn))
      .catch((error: unknown) => {
        throw explain(error, request.page);
      })
      .finally(() => {
        if (drawings.get(key) === drawing) drawings.delete(key);
      });
    image.catch(() => {});
    const drawing: Drawing = { image, users: 0, abandon };
    drawings.set(key, drawing);
    return drawing;
  }

  return async (request, signal) => {
    signal.throwIfAborted();
    const key = `${request.contentHash}/${request.page}/${request.width}`;
    const known = kept.get(key);
    if (known) {
      // The most recently used stands last.
      kept.delete(key);
      kept.set(key, known);
      return known;
    }
    const running = drawings.get(key);
    const drawing = running && !running.abandon.signal.aborted ? running : start(key, request);
    drawing.users += 1;
    const left = Promise.withResolvers<never>();
    const onAbort = () => left.reject(new AppError("ABORTED", "The page is no longer wanted."));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([drawing.image, left.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      drawing.users -= 1;
      if (drawing.users === 0) drawing.abandon.abort();
    }
  };
}

/** The process died of the page: that is a fact about the file, and not about Croft. */
function explain(error: unknown, page: number): unknown {
  if (!(error instanceof AppError) || error.code !== "ENGINE_EXITED") return error;
  return new AppError("FILE_HOSTILE", `Page ${page} made the process that draws it crash and was given up; everything else goes on.`, {
    hint: "Read its text instead.",
    cause: error,
  });
}
