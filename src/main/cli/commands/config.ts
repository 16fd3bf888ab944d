import { SettingKey, type SettingRow } from "../../../shared/contract/settings.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand, type Group } from "../command.ts";
import { columns } from "../text.ts";

const key = { name: "KEY", description: "A setting, as `croft config list` shows it" };

const settingKey = (name: string): SettingKey => {
  const parsed = SettingKey.safeParse(name);
  if (!parsed.success) throw new AppError("NOT_FOUND", `There is no setting ${name}.`, { hint: "See: croft config list" });
  return parsed.data;
};

const shown = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
const describe = (row: SettingRow): string => shown(row.value);

const list = defineCommand({
  summary: "All settings with their values",
  args: [],
  options: {},
  examples: [["croft config list", "Key, value, meaning"]],
  async run({ open, output }) {
    const { client } = await open();
    const rows = await client.settings.list({});
    output.result(rows, () => columns(rows.map((row) => [row.key, shown(row.value), row.description])));
    return 0;
  },
});

const get = defineCommand({
  summary: "The value of a setting",
  args: [key],
  options: {},
  examples: [["croft config get models.chat", "The model that writes answers"]],
  async run({ args: [name = ""], open, output }) {
    const setting = settingKey(name);
    const { client } = await open();
    const row = await client.settings.get({ key: setting });
    output.result(row, () => describe(row));
    return 0;
  },
});

const set = defineCommand({
  summary: "Change a setting; the value is checked",
  args: [key, { name: "VALUE", description: "JSON, or plain text" }],
  options: {},
  examples: [
    ["croft config set network.offline true", "Forbid every connection"],
    ['croft config set ocr.languages \'["eng","deu"]\'', "Languages of scans"],
  ],
  async run({ args: [name = "", value = ""], open, output }) {
    const setting = settingKey(name);
    const { client } = await open();
    const row = await client.settings.set({ key: setting, value: parseValue(value) });
    output.result(row, () => describe(row));
    return 0;
  },
});

const reset = defineCommand({
  summary: "Put a setting back to its default",
  args: [key],
  options: {},
  examples: [["croft config reset models.chat", "The default model"]],
  async run({ args: [name = ""], open, output }) {
    const setting = settingKey(name);
    const { client } = await open();
    const row = await client.settings.reset({ key: setting });
    output.result(row, () => describe(row));
    return 0;
  },
});

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const config: Group = { summary: "Settings", commands: { list, get, set, reset } };
