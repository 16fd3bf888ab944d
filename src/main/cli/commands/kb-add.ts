import { resolve } from "node:path";
import { OcrMode } from "../../../shared/contract/reading.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";
import { followJob } from "../follow-job.ts";
import { showIndexResult } from "../index-result.ts";

export const add = defineCommand({
  summary: "Index files and folders where they lie; makes the collection if it is missing",
  args: [{ name: "PATH", description: "Files and folders", many: true }],
  options: {
    to: { type: "string", value: "NAME", description: "The collection" },
    records: { type: "boolean", description: 'The files are JSON Lines of records {"_id","title","text"}: one document each' },
    watch: { type: "boolean", description: "Go on looking for changes while Croft runs" },
    include: { type: "list", value: "GLOB", description: "Only files like this (repeatable)" },
    exclude: { type: "list", value: "GLOB", description: "No files like this (repeatable)" },
    ocr: { type: "string", choices: OcrMode.options, description: "When pages are read by OCR (the setting ocr.mode)" },
    lang: { type: "string", value: "eng+deu", description: "Languages that OCR expects (the setting ocr.languages)" },
    password: { type: "string", value: "P", description: "Password of encrypted files below PATH; kept with the secrets" },
    detach: { type: "boolean", description: "Leave the work to the running app or a core in the background" },
  },
  examples: [
    ["croft kb add ~/Papers --to papers", "Index a folder and wait, with progress"],
    ["croft kb add ~/Mail --to mail --include '**/*.eml' --detach", "Index in the background"],
    ["croft kb add ~/Scans --to scans --lang deu", "Read scans in German; added again with other languages, they are read again"],
    ["croft kb add corpus.jsonl --to corpus --records", "One document for each line"],
  ],
  async run({ args, values, open, output, signal }) {
    const collection = values.to;
    if (!collection)
      throw new AppError("INVALID_INPUT", "--to is missing: the collection to add to.", { hint: "See: croft kb add --help" });
    const address = args.find((path) => /^https?:\/\//i.test(path));
    if (address)
      throw new AppError("INVALID_INPUT", `${address} was not added: only files and folders can be.`, {
        hint: "Save the page and add the file.",
      });
    if (values.records && args.length > 1) throw new AppError("INVALID_INPUT", "--records takes one file at a time; nothing was added.");
    const { client } = await open({ detached: values.detach });
    const paths = args.map((path) => resolve(path));
    const [first = ""] = paths;
    const reading = {
      ...(values.ocr ? { ocr: values.ocr } : {}),
      ...(values.lang ? { languages: values.lang.split("+") } : {}),
      ...(values.password === undefined ? {} : { password: values.password }),
    };
    const { include, exclude, watch } = values;
    const { jobId } = values.records
      ? await client.knowledge.addRecords({ collection, path: first })
      : await client.knowledge.addSources({ collection, paths, include, exclude, watch, reading });
    if (values.detach) {
      output.result({ collection, job: jobId }, () => jobId);
      return 0;
    }
    return showIndexResult(await followJob(client, jobId, { output, signal }), output);
  },
});
