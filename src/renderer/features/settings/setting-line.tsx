import { useMutation } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { toProblem } from "../../api/problem.ts";
import { useModels } from "../../api/hooks.ts";
import { useCroft } from "../../api/use-croft.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { useWords } from "../../i18n/use-words.ts";
import type { SettingRow } from "./group-settings.ts";
import { Line } from "./line.tsx";
import { messages } from "./messages.ts";
import { SettingField } from "./setting-field.tsx";
import { settingName, valueWords } from "./setting-words.ts";

/** One setting: what it does, its value, and the way back to its default. */
export function SettingLine({ row }: { row: SettingRow }) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const refresh = async () => {
    await cache.invalidateQueries({ queryKey: orpc.settings.key() });
    void cache.invalidateQueries({ queryKey: orpc.system.key() });
  };
  const set = useMutation({ mutationFn: (value: unknown) => client.settings.set({ key: row.key, value }), onSuccess: refresh });
  const reset = useMutation({ mutationFn: () => client.settings.reset({ key: row.key }), onSuccess: refresh });
  const changed = JSON.stringify(row.value) !== JSON.stringify(row.default);
  const name = settingName(row, say);
  // Beside a choice by name an id would tell nobody that it is the same model.
  const usual = useModels().data?.find(({ id }) => `local:${id}` === row.default || id === row.default)?.name ?? row.default;
  const problem = set.error ?? reset.error;
  return (
    <Line
      title={name}
      note={
        <>
          <code className="tnum">{row.key}</code>
          {usual !== undefined && usual !== null && <> · {say("byDefault", { value: valueWords(usual, say) })}</>}
          {problem && (
            <span role="alert" className="block text-danger">
              {toProblem(problem).message}
            </span>
          )}
        </>
      }
      back={changed && <IconButton icon={RotateCcw} label={say("reset", { name })} onClick={() => reset.mutate()} />}
    >
      <SettingField key={JSON.stringify(row.value)} row={row} onChange={(value) => set.mutate(value)} />
    </Line>
  );
}
