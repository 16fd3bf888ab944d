import type { Model } from "../../../shared/contract/models.ts";
import { useModels, useTextSetting } from "../../api/hooks.ts";

/** The two models that the settings name: one writes, one finds passages. Undefined while that is unknown. */
export function useStarters(): { writer: Model | undefined; finder: Model | undefined } {
  const models = useModels().data;
  const named = (id: string | undefined) => models?.find((model) => bare(model.id) === (id && bare(id)));
  return { writer: named(useTextSetting("models.chat")), finder: named(useTextSetting("models.embedding")) };
}

const bare = (id: string): string => id.replace(/^local:/, "");
