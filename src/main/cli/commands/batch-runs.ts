import { resolve } from "node:path";
import type { BatchResult, BatchRun, ScanReport } from "../../../shared/contract/batch.ts";
import { exportFormats, resultStates } from "../../../shared/contract/batch.ts";
import { AppError } from "../../../shared/errors.ts";
import type { CroftClient } from "../../../shared/client/create-client.ts";
import { showBatchResult, showRecords } from "../batch-result.ts";
import { defineCommand } from "../command.ts";
import { followJob } from "../follow-job.ts";
import type { Output } from "../output.ts";
import { bytes, columns, harmless, seconds } from "../text.ts";

const runName = { name: "RUN", description: "Name or id of a run, as `croft batch status` shows it" };
const RESULTS_AT_ONCE = 500;

export const scan = defineCommand({
  summary: "What is in a folder and how long it will take; reads no text and changes nothing",
  args: [{ name: "PATH", description: "Files and folders", many: true }],
  options: {
    recipe: { type: "string", value: "NAME", description: "Also say what was read with this recipe before" },
    model: { type: "string", value: "ID", description: "The model that would be used, or none" },
  },
  examples: [["croft batch scan ~/Invoices", "Files, types, pages, duplicates, unreadable ones, estimate"]],
  async run({ args, values, open, output, signal }) {
    const { client } = await open();
    const request = {
      paths: args.map((path) => resolve(path)),
      ...(values.recipe ? { recipe: { name: values.recipe } } : {}),
      ...(values.model ? { model: values.model } : {}),
    };
    let report: ScanReport | undefined;
    for await (const item of await client.batch.scan(request, { signal })) {
      if (item.type === "progress") output.progress(item.progress);
      else report = item.report;
    }
    output.progressEnd();
    if (!report) throw new AppError("ABORTED", "The scan was stopped.");
    const shown = report;
    output.result(shown, (paint) => {
      const range = `${seconds(shown.estimate.low)}–${seconds(shown.estimate.high)}${shown.estimate.learnedFrom === 0 ? " (a guess: nothing was measured here yet)" : ""}`;
      const rows = [
        ["files", String(shown.files)],
        ["pages", String(shown.pages)],
        ["size", bytes(shown.bytes)],
        ...shown.types.map(({ type, files, pages }) => [harmless(type), `${files} files, ${pages} pages`]),
        ["duplicates", String(shown.duplicates.reduce((sum, { paths }) => sum + paths.length - 1, 0))],
        ...(shown.known > 0 ? [["already read", String(shown.known)]] : []),
        ["estimate", range],
      ];
      const failures = shown.unreadable.map(({ path, code, message }) => `${paint("red", code)}  ${harmless(path)}: ${harmless(message)}`);
      return [columns(rows), ...failures].join("\n");
    });
    return 0;
  },
});

export const run = defineCommand({
  summary: "Process a folder; the same call again does only what is new",
  args: [{ name: "PATH", description: "Files and folders", many: true }],
  options: {
    recipe: { type: "string", value: "NAME|FILE", description: "A recipe by name, or a recipe's file" },
    name: { type: "string", value: "RUN", description: "Name of the run (folder and recipe when left out)" },
    model: { type: "string", value: "ID|none", description: "The model, or none for rules alone" },
    concurrency: { type: "number", value: "N", description: "Files at once" },
    password: { type: "list", value: "P", description: "A password to try on encrypted files (repeatable)" },
    watch: { type: "boolean", description: "Go on with what arrives, until it is interrupted" },
    detach: { type: "boolean", description: "Leave the work to the running app or a core in the background" },
  },
  examples: [
    ["croft batch run ~/Invoices --recipe invoice", "Read a folder of invoices, and wait"],
    ["croft batch run ~/Scans --recipe ./receipt.json --model none", "By rules alone, with a recipe of one's own"],
    ["croft batch run ~/Inbox --recipe invoice --watch", "And whatever arrives there"],
  ],
  async run({ args, values, open, output, signal }) {
    if (!values.recipe)
      throw new AppError("INVALID_INPUT", "--recipe is missing: what to read.", { hint: "croft batch recipes list shows them." });
    const { client } = await open({ detached: values.detach });
    const recipe = await recipeOf(client, values.recipe);
    const begun = await client.batch.run({
      paths: args.map((path) => resolve(path)),
      recipe,
      watch: values.watch,
      passwords: values.password,
      ...(values.name === undefined ? {} : { name: values.name }),
      ...(values.model === undefined ? {} : { model: values.model }),
      ...(values.concurrency === undefined ? {} : { concurrency: values.concurrency }),
    });
    if (values.detach) {
      output.result({ run: begun.run.name, job: begun.jobId }, () => harmless(begun.run.name));
      return 0;
    }
    const code = showBatchResult(await followJob(client, begun.jobId, { output, signal }), output);
    return values.watch ? watch(client, begun.run.name, begun.jobId, { output, signal }) : code;
  },
});

/** Tells of every later pass until the command is interrupted. */
async function watch(
  client: CroftClient,
  name: string,
  first: string,
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<number> {
  output.notice(`Watching for what arrives. Ctrl-C ends it; ${harmless(name)} goes on when Croft runs.`);
  let last = first;
  try {
    for await (const { run: changed } of await client.batch.watchRun({ run: name }, { signal })) {
      if (changed.jobId === undefined || changed.jobId === last) continue;
      last = changed.jobId;
      showBatchResult(await followJob(client, changed.jobId, { output, signal }), output);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 0;
}

/** A file's recipe is imported first, which does nothing where it is known. */
async function recipeOf(client: CroftClient, wanted: string): Promise<{ name: string; version?: number }> {
  if (!/[./\\]/u.test(wanted)) return { name: wanted };
  const { name, version } = await client.batch.importRecipe({ path: resolve(wanted) });
  return { name, version };
}

const describe = (shown: BatchRun): string =>
  columns([
    ["run", harmless(shown.name)],
    ["recipe", `${shown.recipe.name} ${shown.recipe.version}`],
    ["model", harmless(shown.model)],
    ["state", shown.state + (shown.watch ? ", watched" : "")],
    ["files", String(shown.files)],
    ...Object.entries(shown.counts).map(([state, count]) => [state, String(count)]),
    ...(shown.error ? [["error", harmless(`${shown.error.code}: ${shown.error.message}`)]] : []),
  ]);

export const status = defineCommand({
  summary: "A run and how far it is; all runs without a name",
  args: [{ ...runName, optional: true }],
  options: {},
  examples: [["croft batch status invoices-invoice", "Counts and state of a run"]],
  async run({ args: [name], open, output }) {
    const { client } = await open();
    if (name === undefined) {
      const runs = await client.batch.listRuns({});
      output.list(
        runs,
        () =>
          columns(
            runs.map(({ name: shown, state, counts }) => [
              harmless(shown),
              state,
              `${counts.done} done`,
              `${counts.review} to review`,
              `${counts.dead} dead`,
              `${counts.pending} pending`,
            ]),
          ),
        "No runs yet. Begin one with: croft batch run PATH --recipe NAME",
      );
      return 0;
    }
    const shown = await client.batch.showRun({ run: name });
    const stats = await client.batch.stats({ run: name });
    output.result({ ...shown, stats }, () => describe(shown));
    return 0;
  },
});

export const results = defineCommand({
  summary: "What was read, one document each",
  args: [runName],
  options: { state: { type: "string", choices: resultStates, description: "Only documents in this state" } },
  examples: [
    ["croft batch results invoices-invoice --jsonl", "One JSON value a line"],
    ["croft batch results invoices-invoice --state dead", "What could not be read, with reasons"],
  ],
  async run({ args: [name = ""], values, open, output, signal }) {
    const { client } = await open();
    const all: BatchResult[] = [];
    const wish = { run: name, limit: RESULTS_AT_ONCE, ...(values.state ? { states: [values.state] } : {}) };
    let page = await client.batch.results(wish, { signal });
    for (;;) {
      if (output.form === "jsonl") for (const result of page.results) output.line(result);
      else all.push(...page.results);
      if (!page.next) break;
      page = await client.batch.results({ ...wish, after: page.next }, { signal });
    }
    if (output.form !== "jsonl")
      output.list(all, (paint) => showRecords(all, paint), "No such documents in this run. See: croft batch status RUN");
    return 0;
  },
});

export const retry = defineCommand({
  summary: "Try the dead letters again",
  args: [runName],
  options: { password: { type: "list", value: "P", description: "A password to try on encrypted files (repeatable)" } },
  examples: [["croft batch retry invoices-invoice --password secret", "Encrypted files, with their password"]],
  async run({ args: [name = ""], values, open, output, signal }) {
    const { client } = await open();
    const { jobId } = await client.batch.retry({ run: name, passwords: values.password });
    return showBatchResult(await followJob(client, jobId, { output, signal }), output);
  },
});

const control = (summary: string, call: (client: CroftClient, name: string) => Promise<BatchRun>, example: string) =>
  defineCommand({
    summary,
    args: [runName],
    options: {},
    examples: [[`croft batch ${example} invoices-invoice`, summary]],
    async run({ args: [name = ""], open, output }) {
      const { client } = await open();
      const shown = await call(client, name);
      output.result(shown, () => describe(shown));
      return 0;
    },
  });
export const cancel = control("Stop a run; what is done stays", (client, name) => client.batch.cancel({ run: name }), "cancel");
export const pause = control("Pause a run until it is resumed", (client, name) => client.batch.pause({ run: name }), "pause");

export const resume = defineCommand({
  summary: "Go on with a run, and with what is new in its folders",
  args: [runName],
  options: {},
  examples: [["croft batch resume invoices-invoice", "Go on, and wait"]],
  async run({ args: [name = ""], open, output, signal }) {
    const { client } = await open();
    const { jobId } = await client.batch.resume({ run: name });
    return showBatchResult(await followJob(client, jobId, { output, signal }), output);
  },
});

export const exportCommand = defineCommand({
  summary: "Write the documents of a run to a file, with a manifest beside it",
  args: [runName],
  options: {
    format: { type: "string", choices: exportFormats, description: "The form of the file" },
    out: { type: "string", value: "FILE", description: "Where to" },
    force: { type: "boolean", description: "Though rule failures are unreviewed; the manifest says so" },
  },
  examples: [
    ["croft batch export invoices-invoice --format xlsx --out invoices.xlsx", "A spreadsheet with the lines on a sheet of their own"],
  ],
  async run({ args: [name = ""], values, open, output, signal }) {
    const { format, out } = values;
    if (!format || !out)
      throw new AppError("INVALID_INPUT", `--${format ? "out" : "format"} is missing. Nothing was exported.`, {
        hint: "See: croft batch export --help",
      });
    const { client } = await open();
    const written = await client.batch
      .export({ run: name, format, out: resolve(out), force: values.force }, { signal })
      .catch((error: unknown) => {
        if (!(error instanceof AppError) || error.data?.["blocked"] === undefined) throw error;
        if (output.form === "text") for (const line of blockedLines(error)) output.notice(line);
        throw new AppError(error.code, error.message, {
          hint: "Review them, or export with --force; the manifest then says so.",
          data: error.data,
          cause: error,
        });
      });
    output.result(written, () => written.files.map(harmless).join("\n"));
    return 0;
  },
});

const SHOWN_BLOCKED = 20;

function blockedLines(error: AppError): string[] {
  const blocked = error.data?.["blocked"];
  if (!Array.isArray(blocked)) return [];
  const lines = blocked
    .slice(0, SHOWN_BLOCKED)
    .map((entry: { path?: unknown; field?: unknown; rule?: unknown; message?: unknown }) =>
      harmless(`${String(entry.path)}  ${String(entry.field)}  ${String(entry.rule)}: ${String(entry.message)}`),
    );
  return blocked.length > SHOWN_BLOCKED ? [...lines, `and ${blocked.length - SHOWN_BLOCKED} more`] : lines;
}
