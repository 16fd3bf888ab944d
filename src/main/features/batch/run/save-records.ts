import type { Truth } from "../../../db/truth.ts";
import type { DecisionStore } from "../review/decision-store.ts";
import type { Judge } from "../review/judge-record.ts";
import { TWIN, flagTwins } from "../review/twins.ts";
import type { Item, ItemStore } from "./item-store.ts";
import type { ReadFile } from "./process-file.ts";
import type { NewRecord, RecordStore } from "./record-store.ts";
import type { TextStore } from "./text-store.ts";

export type SaveDeps = { truth: Truth; items: ItemStore; records: RecordStore; texts: TextStore; decisions: DecisionStore };

/** Writes what was read of a file and that it is done, all or nothing; decisions that people made before are laid over it. */
export function saveRecords(
  deps: SaveDeps,
  item: Item,
  file: ReadFile,
  of: { key: string; fileHash: string; judge: Judge; model: string },
): void {
  const { truth, items, records, texts, decisions } = deps;
  const { recipe } = of.judge;
  truth.transact((transaction) => {
    for (const { document } of file.parts) texts.put(document);
    const fresh = file.parts.map(({ firstPage, lastPage, fields: reading, doubtful, timings, document }, part): NewRecord => {
      const stood = of.judge(reading, decisions.list({ fileHash: of.fileHash, part, recipe }), false);
      const doubt = { rule: "several-documents", message: "The file seems to hold several documents whose pages could not be told apart." };
      return {
        key: of.key,
        part,
        fileHash: of.fileHash,
        firstPage,
        lastPage,
        recipe: { name: recipe.name, version: recipe.version },
        model: of.model,
        textHash: document.textHash,
        reading,
        ...stood,
        flags: doubtful ? [...stood.flags, doubt] : stood.flags,
        state: doubtful && !stood.approved ? "review" : stood.state,
        sampled: false,
        timings,
      };
    });
    const ids = records.insert(fresh);
    items.done(item.id, of.key, file.document.pages.length);
    for (const id of ids) {
      const record = records.get(id);
      const flagged = flagTwins(record, records, recipe.identity);
      if (flagged !== record) records.update(flagged);
      // The one that was there first is as doubtful as the one that came.
      if (flagged.flags.some(({ rule }) => rule === TWIN))
        for (const twin of records.sameIdentity(record)) {
          const other = flagTwins(twin, records, recipe.identity);
          if (other !== twin && !twin.flags.some(({ rule }) => rule === TWIN)) records.update(other);
        }
    }
    transaction.event("batch.run", item.runId);
  });
}
