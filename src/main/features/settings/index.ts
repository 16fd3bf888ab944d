import { os } from "../../core/implementer.ts";
import type { SettingsStore } from "./settings.ts";

export { openSettings, type SettingsStore } from "./settings.ts";

/** Handlers of `settings.*`. */
export function settingsRoutes(store: SettingsStore) {
  return {
    list: os.settings.list.handler(() => store.list()),
    get: os.settings.get.handler(({ input }) => store.row(input.key)),
    set: os.settings.set.handler(({ input }) => store.set(input.key, input.value)),
    reset: os.settings.reset.handler(({ input }) => store.reset(input.key)),
  };
}
