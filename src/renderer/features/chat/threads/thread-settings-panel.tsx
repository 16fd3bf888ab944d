import { useMutation, useQuery } from "@tanstack/react-query";
import { Trash2, X } from "lucide-react";
import { useState } from "react";
import type { Preset, Thread, ThreadSettings } from "../../../../shared/contract/chat.ts";
import { useModels } from "../../../api/hooks.ts";
import { useCroft } from "../../../api/use-croft.ts";
import { Button } from "../../../components/button.tsx";
import { SelectField, TextField } from "../../../components/field.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { ErrorNotice } from "../../../components/notice.tsx";
import { PanelEdge } from "../../../components/panel-edge.tsx";
import { inspectorBounds } from "../../../components/panel-width.ts";
import { usePanelWidth } from "../../../components/use-panel-width.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { useChatView } from "../../../view/chat-store.ts";
import { messages } from "../messages.ts";
import { NumberLine, TextLine } from "./setting-lines.tsx";
import { useBegunThread } from "./use-begun-thread.ts";
import type { ChosenCollections } from "../composer/use-chosen-collections.ts";

export type ThreadSettingsPanelProps = { threadKey: string; thread: Thread | undefined; chosen: ChosenCollections };

/** How one conversation is answered. A change holds from the next question on. */
export function ThreadSettingsPanel({ threadKey, thread, chosen }: ThreadSettingsPanelProps) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const close = useChatView((view) => view.toggleSettings);
  const begin = useBegunThread(threadKey, chosen);
  const models = useModels().data?.filter(({ role, state }) => role === "chat" && state === "installed") ?? [];
  const save = useMutation({
    async mutationFn(settings: ThreadSettings) {
      const id = await begin.ensure();
      await client.chat.setThread({ id, settings });
      return id;
    },
    onSuccess: async (id) => {
      await cache.invalidateQueries({ queryKey: orpc.chat.key() });
      begin.show(id);
    },
  });
  const width = usePanelWidth("inspector");
  const settings = save.isPending ? save.variables : (thread?.settings ?? {});
  const set = (change: { [Key in keyof ThreadSettings]: ThreadSettings[Key] | undefined }) =>
    save.mutate(without({ ...settings, ...change }));
  return (
    <aside
      data-region
      tabIndex={-1}
      aria-label={say("howConversationAnswered")}
      style={{ width: width.chosen }}
      className="relative flex w-80 max-w-[60%] shrink-0 flex-col border-s border-line bg-bg1 max-lg:absolute max-lg:inset-y-0 max-lg:end-0 max-lg:z-30 max-lg:max-w-full max-lg:shadow-float"
    >
      <PanelEdge panel={say("howConversationAnswered")} side="start" bounds={inspectorBounds} width={width} />
      <header className="flex h-12 shrink-0 items-center justify-between border-b border-line pe-2 ps-4">
        <h2 className="label text-fg2">{say("howAnswered")}</h2>
        <IconButton icon={X} label={say("closeSettingsConversation")} onClick={close} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
        {save.error && <ErrorNotice error={save.error} />}
        <Presets settings={settings} onUse={(preset) => save.mutate(preset.settings)} />
        <label className="flex flex-col gap-1">
          <span className="label text-fg2">{say("model")}</span>
          <SelectField
            label={say("modelConversation")}
            value={settings.model ?? ""}
            onChange={(event) => set({ model: event.target.value || undefined })}
          >
            <option value="">{say("asSettings")}</option>
            {models.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        </label>
        <NumberLine
          title={say("contextSize")}
          note={say("contextSizeNote")}
          placeholder="4096"
          value={settings.contextTokens}
          min={512}
          max={131_072}
          step={512}
          onChange={(contextTokens) => set({ contextTokens })}
        />
        <h3 className="label border-t border-line pt-3 text-fg3">{say("withoutSources")}</h3>
        <TextLine
          title={say("systemPrompt")}
          placeholder={say("defaultSystemPrompt")}
          value={settings.systemPrompt}
          onChange={(systemPrompt) => set({ systemPrompt })}
        />
        <NumberLine
          title={say("temperature")}
          note={say("temperatureNote")}
          placeholder="0"
          value={settings.temperature}
          min={0}
          max={2}
          step={0.1}
          onChange={(temperature) => set({ temperature })}
        />
        <NumberLine
          title={say("mostTokensAnswer")}
          placeholder="768"
          value={settings.maxTokens}
          min={16}
          max={32_768}
          step={16}
          onChange={(maxTokens) => set({ maxTokens })}
        />
        <p className="text-12 text-fg3">{say("ownRules")}</p>
      </div>
    </aside>
  );
}

function Presets({ settings, onUse }: { settings: ThreadSettings; onUse(preset: Preset): void }) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const [name, setName] = useState("");
  const presets = useQuery(orpc.chat.listPresets.queryOptions({ input: {} })).data ?? [];
  const refresh = () => cache.invalidateQueries({ queryKey: orpc.chat.listPresets.key() });
  const save = useMutation({
    mutationFn: () => client.chat.savePreset({ name: name.trim(), settings }),
    onSuccess: () => (setName(""), refresh()),
  });
  const remove = useMutation({ mutationFn: (id: string) => client.chat.removePreset({ id }), onSuccess: refresh });
  const used = presets.find((preset) => isSame(preset.settings, settings));
  return (
    <section aria-label={say("presets")} className="flex flex-col gap-2">
      {presets.length > 0 && (
        <div className="flex items-center gap-1">
          <SelectField
            label={say("preset")}
            value={used?.id ?? ""}
            onChange={(event) => {
              const preset = presets.find(({ id }) => id === event.target.value);
              if (preset) onUse(preset);
            }}
          >
            <option value="">{say("noPreset")}</option>
            {presets.map((preset) => (
              <option key={preset.id} value={preset.id}>
                {preset.name}
              </option>
            ))}
          </SelectField>
          <IconButton icon={Trash2} label={say("deleteThisPreset")} disabled={!used} onClick={() => used && remove.mutate(used.id)} />
        </div>
      )}
      <form
        className="flex items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save.mutate();
        }}
      >
        <TextField
          label={say("namePreset")}
          placeholder={say("saveAsPreset")}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={!name.trim()}>
          {say("save")}
        </Button>
      </form>
      {(save.error ?? remove.error) && <ErrorNotice error={save.error ?? remove.error} />}
    </section>
  );
}

/** What is left out is as the settings have it, so nothing is sent for it. */
function without(settings: { [Key in keyof ThreadSettings]: ThreadSettings[Key] | undefined }): ThreadSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== ""));
}

const isSame = (a: ThreadSettings, b: ThreadSettings): boolean => {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof ThreadSettings>;
  return [...keys].every((key) => a[key] === b[key]);
};
