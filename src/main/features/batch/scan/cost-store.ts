import type { Truth } from "../../../db/truth.ts";

export type CostKind = "text" | "ocr" | "model";
export type Cost = { pages: number; /** Milliseconds a page, and how much they vary. */ mean: number; deviation: number };
export type CostStore = ReturnType<typeof createCostStore>;

/** Older measurements fade: a machine changes. */
const REMEMBERED_PAGES = 2_000;

/** What a page took on this machine, by kind of work. */
export function createCostStore({ db }: Truth) {
  return {
    learn(kind: CostKind, pages: number, ms: number): void {
      if (pages <= 0 || ms < 0) return;
      const each = ms / pages;
      db.prepare(
        `INSERT INTO batch_costs (kind, pages, ms, squares) VALUES (@kind, @pages, @ms, @squares)
         ON CONFLICT (kind) DO UPDATE SET
           ms = (ms + @ms) * CASE WHEN pages + @pages > @most THEN 0.5 ELSE 1 END,
           squares = (squares + @squares) * CASE WHEN pages + @pages > @most THEN 0.5 ELSE 1 END,
           pages = CASE WHEN pages + @pages > @most THEN CAST((pages + @pages) / 2 AS INTEGER) ELSE pages + @pages END`,
      ).run({ kind, pages, ms, squares: each * each * pages, most: REMEMBERED_PAGES });
    },
    get(kind: CostKind): Cost | undefined {
      const row = db
        .prepare<[string], { pages: number; ms: number; squares: number }>("SELECT pages, ms, squares FROM batch_costs WHERE kind = ?")
        .get(kind);
      if (!row || row.pages === 0) return undefined;
      const mean = row.ms / row.pages;
      return { pages: row.pages, mean, deviation: Math.sqrt(Math.max(0, row.squares / row.pages - mean * mean)) };
    },
  };
}
