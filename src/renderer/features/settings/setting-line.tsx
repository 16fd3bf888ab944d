import { useMutation } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { toProblem } from "../../api/problem.ts";
import { useCroft } from "../../api/use-croft.ts";
import { IconButton } from "../../components/icon-button.tsx";
import type { SettingRow } from "./group-settings.ts";
import { SettingField } from "./setting-field.tsx";

/** One setting: what it does, its value, and the way back to its default. */
export function SettingLine({ row }: { row: SettingRow }) {
  const { client, orpc, cache } = useCroft();
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: orpc.settings.key() });
    void cache.invalidateQueries({ queryKey: orpc.system.key() });
  };
  const set = useMutation({ mutationFn: (value: unknown) => client.settings.set({ key: row.key, value }), onSuccess: refresh });
  const reset = useMutation({ mutationFn: () => client.settings.reset({ key: row.key }), onSuccess: refresh });
  const changed = JSON.stringify(row.value) !== JSON.stringify(row.default);
  const problem = set.error ?? reset.error;
  return (
    <div className="grid grid-cols-[1fr_18rem_1.75rem] items-center gap-3 border-b border-line/60 py-2">
      <div>
        <p>{row.description}</p>
        <p className="text-12 text-fg3">
          <code className="tnum">{row.key}</code>
          {changed && row.default !== undefined && <> · default {showValue(row.default)}</>}
        </p>
        {problem && (
          <p role="alert" className="text-12 text-danger">
            {toProblem(problem).message}
          </p>
        )}
      </div>
      <SettingField key={JSON.stringify(row.value)} row={row} onChange={(value) => set.mutate(value)} />
      {changed ? <IconButton icon={RotateCcw} label={`Reset: ${row.description}`} onClick={() => reset.mutate()} /> : <span />}
    </div>
  );
}

/** A value in words. */
export const showValue = (value: unknown): string =>
  Array.isArray(value) ? value.join(", ") : typeof value === "boolean" ? (value ? "on" : "off") : String(value);
