import type { BatchRecord } from "../../../shared/contract/batch.ts";
import { AppError } from "../../../shared/errors.ts";
import { os } from "../../core/implementer.ts";
import type { EngineHost } from "../../engines/engine.ts";
import type { ReadersProtocol } from "../../engines/readers/protocol.ts";
import { defaultLimits } from "../knowledge/index.ts";
import type { DecisionStore } from "./review/decision-store.ts";
import type { Review } from "./review/review.ts";
import type { RecordStore, StoredRecord } from "./run/record-store.ts";
import type { TextStore } from "./run/text-store.ts";
import { tryPasswords } from "./run/try-passwords.ts";
import type { Runs } from "./runs.ts";

export type ReviewRoutesDeps = {
  runs: Runs;
  records: RecordStore;
  texts: TextStore;
  decisions: DecisionStore;
  review: Review;
  /** After a decision: more may have to be shown for quality. */
  decided(record: StoredRecord, signal: AbortSignal): Promise<void>;
  readers: EngineHost<ReadersProtocol>;
};

/** Points an inch. */
const POINTS = 72;

/** Handlers of what concerns one record. */
export function reviewRoutes({ runs, records, texts, decisions, review, decided, readers }: ReviewRoutesDeps) {
  const signalOf = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal;

  function show(id: string): BatchRecord {
    const record = records.get(id);
    const text = record.textHash === undefined ? undefined : texts.get(record.textHash);
    const [place] = records.pathsOf(record);
    const isPart = records.ofKey(record.key).length > 1;
    return {
      id,
      item: place?.item ?? id,
      document: {
        path: place?.path ?? "",
        hash: record.fileHash,
        pages: text?.pages.length ?? 0,
        ...(isPart ? { firstPage: record.firstPage, lastPage: record.lastPage, part: record.part } : {}),
      },
      state: record.state,
      recipe: record.recipe,
      model: record.model,
      fields: record.fields,
      flags: record.flags,
      sampled: record.sampled,
      timings: record.timings,
      ...(record.textHash === undefined ? {} : { textHash: record.textHash }),
      pageSizes: (text?.pages ?? [])
        .filter(({ page }) => page >= record.firstPage && page <= record.lastPage)
        .map(({ page, start, end, width, height, source }) => ({
          page,
          start,
          end,
          source,
          ...(width === undefined ? {} : { width }),
          ...(height === undefined ? {} : { height }),
        })),
      history: decisions.list(record),
    };
  }

  async function showPage(id: string, page: number, dpi: number, signal: AbortSignal | undefined) {
    const record = records.get(id);
    const text = record.textHash === undefined ? undefined : texts.get(record.textHash);
    const index = text?.pages.findIndex((one) => one.page === page) ?? -1;
    const info = text?.pages[index];
    if (!text || !info) throw new AppError("NOT_FOUND", `The document has no page ${page}.`);
    const words = text.geometry[index];
    const [place] = records.pathsOf(record);
    const input = { path: place?.path ?? "", page, dpi, limits: defaultLimits };
    // A file that has no picture of itself, or that is gone, is shown as text.
    const drawn = await tryPasswords(place ? runs.passwordsOf(place.runId) : [], (password) =>
      readers.call("raster", { ...input, ...password }, { signal, priority: "interactive" }),
    ).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      return undefined;
    });
    return {
      page,
      width: info.width ?? (drawn ? drawn.width / drawn.scale : 595),
      height: info.height ?? (drawn ? drawn.height / drawn.scale : 842),
      scale: drawn?.scale ?? dpi / POINTS,
      ...(drawn ? { image: Buffer.from(drawn.image).toString("base64") } : {}),
      text: text.text.slice(info.start, info.end),
      words: words
        ? Array.from(words.starts, (start, word) => ({
            start: start + info.start,
            end: (words.ends[word] ?? start) + info.start,
            box: [
              words.boxes[word * 4] ?? 0,
              words.boxes[word * 4 + 1] ?? 0,
              words.boxes[word * 4 + 2] ?? 0,
              words.boxes[word * 4 + 3] ?? 0,
            ] as [number, number, number, number],
          }))
        : [],
    };
  }

  return {
    record: os.batch.record.handler(({ input }) => show(input.id)),
    page: os.batch.page.handler(({ input, signal }) => showPage(input.id, input.page, input.dpi, signal)),
    decide: os.batch.decide.handler(async ({ input, signal, context }) => {
      await review.decide(input.id, input.changes, input.approve, context.principal.name);
      await decided(records.get(input.id), signalOf(signal));
      return show(input.id);
    }),
    undo: os.batch.undo.handler(async ({ input }) => {
      await review.undo(input.id, input.act);
      return show(input.id);
    }),
    acceptEqual: os.batch.acceptEqual.handler(async ({ input, signal, context }) => {
      const { id } = runs.get(input.run);
      const wish = { field: input.field, value: input.value ?? null, rule: input.rule };
      const alike: string[] = [];
      await records.eachOf(id, signalOf(signal), (record) => {
        if (review.isFlagged(record, wish)) alike.push(record.id);
      });
      return { records: await review.acceptEqual(alike, wish, context.principal.name) };
    }),
    readAgain: os.batch.readAgain.handler(({ input, signal }) => review.readAgain(input.id, input.field, input.place, signalOf(signal))),
  };
}
