import { type Preset, ThreadSettings } from "../../../../shared/contract/chat.ts";
import { AppError } from "../../../../shared/errors.ts";
import { createId } from "../../../db/id.ts";
import type { Truth } from "../../../db/truth.ts";

type Row = { id: string; name: string; settings: string; updated_at: number };

/** Ways to answer that a person keeps under a name. */
export function createPresetStore(truth: Truth) {
  const { db } = truth;
  const named = db.prepare<[string, string], Row>("SELECT * FROM presets WHERE id = ? OR name = ? LIMIT 1");

  /** By id or name. @throws NOT_FOUND */
  function get(nameOrId: string): Preset {
    const row = named.get(nameOrId, nameOrId);
    if (!row) throw new AppError("NOT_FOUND", `There is no preset “${nameOrId}”.`, { hint: "`croft threads presets list` shows them." });
    return toPreset(row);
  }

  return {
    get,
    list: (): Preset[] => db.prepare<[], Row>("SELECT * FROM presets ORDER BY name").all().map(toPreset),
    /** One of the same name is replaced. */
    save: (name: string, settings: ThreadSettings): Preset =>
      truth.transact((transaction) => {
        db.prepare(
          `INSERT INTO presets (id, name, settings, updated_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at`,
        ).run(createId(truth.now()), name, JSON.stringify(settings), truth.now());
        const preset = get(name);
        transaction.event("chat.presets", preset.id);
        return preset;
      }),
    remove(nameOrId: string): void {
      truth.transact((transaction) => {
        const { id } = get(nameOrId);
        db.prepare("DELETE FROM presets WHERE id = ?").run(id);
        transaction.event("chat.presets", id);
      });
    },
  };
}

const toPreset = ({ id, name, settings, updated_at: updatedAt }: Row): Preset => ({
  id,
  name,
  settings: ThreadSettings.parse(JSON.parse(settings)),
  updatedAt,
});
