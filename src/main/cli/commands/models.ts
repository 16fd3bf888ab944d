import { resolve } from "node:path";
import { type Model, modelRoles } from "../../../shared/contract/models.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand, type Group } from "../command.ts";
import { followJob } from "../follow-job.ts";
import { bytes, columns, harmless } from "../text.ts";

const id = { name: "ID", description: "Id of a model, as `croft models list` shows it" };

const describe = (model: Model): string =>
  columns([
    ["id", harmless(model.id)],
    ["name", harmless(model.name)],
    ["role", model.role],
    ["state", model.state],
    ["size", bytes(model.bytes)],
    ["licence", harmless(model.licence)],
    ...(model.fit ? [["fit", `${model.fit.verdict}: needs ${bytes(model.fit.required)} of ${bytes(model.fit.available)}`]] : []),
    ["probed", model.probed],
    ...speeds(model),
    ...(model.path ? [["path", harmless(model.path)]] : []),
  ]);

function speeds({ speed }: Model): string[][] {
  if (!speed) return [];
  const named: [string, number | undefined][] = [
    ["prompt tokens/s", speed.promptTokensPerSecond],
    ["tokens/s", speed.tokensPerSecond],
    ["texts/s", speed.textsPerSecond],
  ];
  return named.flatMap(([name, value]) => (value === undefined ? [] : [[name, value.toFixed(1)]]));
}

const list = defineCommand({
  summary: "All models: of the catalogue, installed, imported",
  args: [],
  options: {},
  examples: [["croft models list", "Role, size, state and fit of every model"]],
  async run({ open, output }) {
    const { client } = await open();
    const models = await client.models.list({});
    output.result(models, () =>
      columns(models.map((model) => [harmless(model.id), model.role, bytes(model.bytes), model.state, model.fit?.verdict ?? ""])),
    );
    return 0;
  },
});

const show = defineCommand({
  summary: "One model in detail",
  args: [id],
  options: {},
  examples: [["croft models show bge-small-en-v1.5", "Licence, size, fit, path, measured speed"]],
  async run({ args: [model = ""], open, output }) {
    const { client } = await open();
    const shown = await client.models.show({ id: model });
    output.result(shown, () => describe(shown));
    return 0;
  },
});

const download = defineCommand({
  summary: "Download a model; goes on where it stopped, and is verified",
  args: [id],
  options: { detach: { type: "boolean", description: "Leave the download to a core in the background" } },
  examples: [["croft models download bge-small-en-v1.5", "Fetch the embedding model"]],
  async run({ args: [model = ""], values, open, offline, output, signal }) {
    if (offline)
      throw new AppError("OFFLINE", `${model} was not downloaded: --offline forbids the network.`, { hint: "Leave out --offline." });
    const { client } = await open({ detached: values.detach });
    const { jobId } = await client.models.download({ id: model });
    if (values.detach) {
      output.result({ job: jobId }, () => jobId);
      return 0;
    }
    await followJob(client, jobId, { output, signal });
    const shown = await client.models.show({ id: model });
    output.result(shown, () => describe(shown));
    return 0;
  },
});

const importModel = defineCommand({
  summary: "Use a model file or folder that is already here",
  args: [{ name: "PATH", description: "A GGUF file, or a folder with an ONNX model" }],
  options: {
    role: { type: "string", choices: modelRoles, description: "What it is for (found out when left out)" },
    link: { type: "boolean", description: "Read it where it lies instead of copying it" },
  },
  examples: [["croft models import ~/Downloads/chat.gguf --link", "Use a file in its place"]],
  async run({ args: [path = ""], values, open, output }) {
    const { client } = await open();
    const model = await client.models.import({ path: resolve(path), copy: !values.link, ...(values.role ? { role: values.role } : {}) });
    output.result(model, () => describe(model));
    return 0;
  },
});

const remove = defineCommand({
  summary: "Remove a model that Croft fetched or copied; a linked file is only forgotten",
  args: [id],
  options: {},
  examples: [["croft models remove smollm2-135m-instruct", "Free its space"]],
  async run({ args: [model = ""], open, output }) {
    const { client } = await open();
    const removed = await client.models.remove({ id: model });
    output.result(removed, () => `${bytes(removed.freed)} freed`);
    return 0;
  },
});

const bench = defineCommand({
  summary: "Measure prompt and generation tokens/s, or texts/s, on this machine",
  args: [id],
  options: {},
  examples: [["croft models bench bge-small-en-v1.5", "Texts a second"]],
  async run({ args: [model = ""], open, output, signal }) {
    const { client } = await open();
    const measured = await client.models.bench({ id: model }, { signal });
    output.result(measured, () => columns(speeds(measured)));
    return 0;
  },
});

const probe = defineCommand({
  summary: "Load a model once in a process of its own and see whether it survives",
  args: [id],
  options: {},
  examples: [["croft models probe bge-small-en-v1.5", "Exit code 6 when it cannot be used"]],
  async run({ args: [model = ""], open, output, signal }) {
    const { client } = await open();
    const probed = await client.models.probe({ id: model }, { signal });
    output.result(probed, () => harmless(probed.message));
    return probed.ok ? 0 : 6;
  },
});

export const models: Group = {
  summary: "The model store",
  commands: { list, show, download, import: importModel, remove, bench, probe },
};
