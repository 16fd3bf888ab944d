import { SettingKey } from "../../../shared/contract/settings.ts";
import { os } from "../../core/implementer.ts";
import { exportSettings, importSettings } from "./settings-text.ts";
import type { SettingsStore } from "./settings.ts";

export { openSettings, type SettingsStore } from "./settings.ts";

/** Handlers of `settings.*`. */
export function settingsRoutes(store: SettingsStore) {
  return {
    list: os.settings.list.handler(() => store.list()),
    get: os.settings.get.handler(({ input }) => store.row(input.key)),
    set: os.settings.set.handler(({ input }) => store.set(input.key, input.value)),
    reset: os.settings.reset.handler(({ input }) => store.reset(input.key)),
    resetAll: os.settings.resetAll.handler(() => SettingKey.options.map(store.reset)),
    export: os.settings.export.handler(() => ({ name: "croft-settings.json", text: exportSettings(store) })),
    import: os.settings.import.handler(({ input }) => importSettings(store, input.text)),
  };
}
