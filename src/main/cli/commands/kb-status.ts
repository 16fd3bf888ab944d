import { writeFile } from "node:fs/promises";
import { CoverageFormat } from "../../../shared/contract/knowledge.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";
import { harmless } from "../text.ts";

export const status = defineCommand({
  summary: "Coverage: every file indexed, skipped or failed, with the reason",
  args: [{ name: "NAME", description: "Name or id of a collection" }],
  options: {
    format: { type: "string", choices: CoverageFormat.options, description: "The whole report as a file of this form" },
    out: { type: "string", value: "FILE", description: "File to write it to; stdout when left out" },
  },
  examples: [
    ["croft kb status papers", "Totals, and each file that is not indexed"],
    ["croft kb status papers --json", "Every file"],
    ["croft kb status papers --format csv --out coverage.csv", "Every file, for a spreadsheet"],
  ],
  async run({ args: [collection = ""], values, open, output }) {
    const { out, format } = values;
    if (out !== undefined && !format)
      throw new AppError("INVALID_INPUT", "--out needs --format: the form of the report.", { hint: "See: croft kb status --help" });
    const { client } = await open();
    if (format) {
      const { text } = await client.knowledge.exportCoverage({ collection, format });
      if (out === undefined) {
        output.result({ text }, () => harmless(text));
        return 0;
      }
      await writeFile(out, text).catch((error: NodeJS.ErrnoException) => {
        throw new AppError("STORAGE_READONLY", `${out} cannot be written.`, { hint: "Choose another file with --out.", cause: error });
      });
      output.result({ file: out }, () => out);
      return 0;
    }
    const coverage = await client.knowledge.status({ collection });
    output.result(coverage, (paint) => {
      const { indexed, skipped, failed, pending } = coverage.totals;
      const total = `${indexed} indexed, ${skipped} skipped, ${failed} failed, ${pending} pending; ${coverage.chunks} passages`;
      const others = coverage.files.filter(({ state, reason, waitingPages }) => state !== "indexed" || reason || waitingPages);
      return [
        total,
        ...others.map(({ path, state, reason, waitingPages }) => {
          const waits = waitingPages ? ` (${waitingPages} pages still to be recognised)` : "";
          return `${paint("yellow", state)}  ${harmless(path)}${waits}${reason ? `: ${harmless([reason.message, reason.hint].filter(Boolean).join(" "))}` : ""}`;
        }),
      ].join("\n");
    });
    return 0;
  },
});
