import type { BatchResult, Change } from "../../../shared/contract/batch.ts";
import { AppError } from "../../../shared/errors.ts";
import { showRecords } from "../batch-result.ts";
import { defineCommand } from "../command.ts";
import { harmless } from "../text.ts";

/** `lines.0.amount=12.50` as its two halves. */
function assignment(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new AppError("INVALID_INPUT", `${harmless(text)} is no FIELD=VALUE. Nothing was changed.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** A record by its id, or the only one of a file by its path or the end of it. */
function find(results: readonly BatchResult[], wanted: string): BatchResult & { id: string } {
  const found = results.filter(({ id, document }) => id === wanted || document.path === wanted || document.path.endsWith(`/${wanted}`));
  const [only, more] = found;
  if (!only?.id) throw new AppError("NOT_FOUND", `There is no document ${wanted} in this run that could be reviewed.`);
  if (more && more.id !== only.id)
    throw new AppError("CONFLICT", `${wanted} is several documents.`, {
      hint: `Name one by its id: ${found.map(({ id }) => id).join(", ")}.`,
    });
  return { ...only, id: only.id };
}

export const review = defineCommand({
  summary: "What needs review, and why; or decide about a document",
  args: [
    { name: "RUN", description: "Name or id of a run" },
    { name: "DOCUMENT", description: "Path or id of a document", optional: true },
  ],
  options: {
    set: {
      type: "list",
      value: "FIELD=VALUE",
      description: "Correct a field, e.g. lines.0.amount=12.50; an empty value means that there is none (repeatable)",
    },
    accept: { type: "list", value: "FIELD", description: "A field is right as it was read (repeatable)" },
    choose: { type: "list", value: "FIELD=N", description: "Take the other reading number N (repeatable)" },
    approve: { type: "boolean", description: "The whole document is right" },
    undo: { type: "boolean", description: "Take the last decision back" },
  },
  examples: [
    ["croft batch review invoices-invoice", "The queue: least sure first"],
    ["croft batch review invoices-invoice scan-07.pdf --set total=119.00 --approve", "Correct a value, and the rest is right"],
    ["croft batch review invoices-invoice scan-07.pdf --undo", "Take it back"],
  ],
  async run({ args: [run = "", wanted], values, open, output }) {
    const { client } = await open();
    if (wanted === undefined) {
      const { results } = await client.batch.results({ run, states: ["review"], order: "review", limit: 1000 });
      output.result(results, (paint) => (results.length === 0 ? "Nothing needs review." : showRecords(results, paint)));
      return 0;
    }
    const { results } = await client.batch.results({
      run,
      limit: 1000,
      ...(wanted.includes("-") && wanted.length === 36 ? {} : { search: wanted }),
    });
    const { id } = find(results, wanted);
    const changes: Change[] = [
      ...values.set.map((text): Change => {
        const [field, value] = assignment(text);
        return { action: "correct", field, value: value === "" ? null : value };
      }),
      ...values.accept.map((field): Change => ({ action: "accept", field })),
      ...values.choose.map((text): Change => {
        const [field, number] = assignment(text);
        return { action: "choose", field, alternative: Number(number) - 1 };
      }),
    ];
    const isDecision = changes.length > 0 || values.approve;
    const shown = values.undo
      ? await client.batch.undo({ id })
      : isDecision
        ? await client.batch.decide({ id, changes, approve: values.approve })
        : await client.batch.record({ id });
    output.result(shown, (paint) => [showRecords([shown], paint), ...alternatives(shown.fields)].join("\n"));
    return 0;
  },
});

function alternatives(fields: BatchResult["fields"]): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const others = Array.isArray(field) ? [] : (field.alternatives ?? []);
    return others.map(({ value }, index) => `    ${name}, other reading ${index + 1}: ${harmless(String(value))}`);
  });
}
