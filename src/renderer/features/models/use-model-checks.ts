import type { Model } from "../../../shared/contract/models.ts";
import { useCroft } from "../../api/use-croft.ts";
import type { Stoppable } from "../../api/use-stoppable.ts";
import { useStoppable } from "../../api/use-stoppable.ts";
import { formatBytes } from "../../components/format.ts";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";
import { speedText } from "./model-facts.ts";

/** What a check found, in a sentence. */
export type Finding = { good: boolean; text: string };

/** The two checks of an installed model: whether it loads on this machine, and how fast it is here. */
export function useModelChecks({ id }: Pick<Model, "id">): { probe: Stoppable<Finding>; bench: Stoppable<Finding> } {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const refresh = () => cache.invalidateQueries({ queryKey: orpc.models.key() });
  const probe = useStoppable(async (signal) => {
    const { ok, message, memoryBytes } = await client.models.probe({ id }, { signal });
    await refresh();
    return { good: ok, text: memoryBytes === undefined ? message : say("takesMemory", { message, memoryBytes: formatBytes(memoryBytes) }) };
  });
  const bench = useStoppable(async (signal) => {
    const { speed } = await client.models.bench({ id }, { signal });
    await refresh();
    return { good: true, text: say("measuredSpeed", { speed: speedText(speed, say) || say("nothing") }) };
  });
  return { probe, bench };
}
