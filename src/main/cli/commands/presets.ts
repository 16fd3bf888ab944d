import { ThreadSettings } from "../../../shared/contract/chat.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand, type Group } from "../command.ts";
import { columns, oneLine } from "../text.ts";

const name = { name: "NAME", description: "Name of a preset" };

const list = defineCommand({
  summary: "Presets: how conversations are answered",
  args: [],
  options: {},
  examples: [["croft threads presets list", "All of them"]],
  async run({ open, output }) {
    const { client } = await open();
    const presets = await client.chat.listPresets({});
    output.list(
      presets,
      () => columns(presets.map((preset) => [oneLine(preset.name, 60), oneLine(JSON.stringify(preset.settings), 120)])),
      "No presets yet. Make one with: croft threads presets save NAME --system TEXT",
    );
    return 0;
  },
});

const save = defineCommand({
  summary: "Make a preset, or replace it",
  args: [name],
  options: {
    model: { type: "string", value: "ID", description: "Model that writes" },
    system: { type: "string", value: "TEXT", description: "System prompt of a chat without sources" },
    temperature: { type: "number", value: "N", description: "0 to 2" },
    "max-tokens": { type: "number", value: "N", description: "Most tokens of an answer" },
    context: { type: "number", value: "N", description: "Tokens of context" },
  },
  examples: [["croft threads presets save brief --system 'Answer in one sentence.' --max-tokens 60", "A preset for short answers"]],
  async run({ args: [preset = ""], values, open, output }) {
    const given = {
      model: values.model,
      systemPrompt: values.system,
      temperature: values.temperature,
      maxTokens: values["max-tokens"],
      contextTokens: values.context,
    };
    const settings = ThreadSettings.parse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
    const { client } = await open();
    const saved = await client.chat.savePreset({ name: preset, settings });
    output.result(saved, () => `saved ${oneLine(saved.name, 60)}`);
    return 0;
  },
});

const remove = defineCommand({
  summary: "Remove a preset",
  args: [name],
  options: {},
  examples: [["croft threads presets remove brief", "Forget it; conversations keep what they have"]],
  async run({ args: [wanted = ""], open, output }) {
    const { client } = await open();
    const presets = await client.chat.listPresets({});
    const preset = presets.find((one) => one.id === wanted || one.name.toLowerCase() === wanted.toLowerCase());
    if (!preset) throw new AppError("NOT_FOUND", `There is no preset “${wanted}”.`, { hint: "`croft threads presets list` shows them." });
    output.result(await client.chat.removePreset({ id: preset.id }), () => "removed");
    return 0;
  },
});

export const presets: Group = { summary: "Presets of conversations", commands: { list, save, remove } };
