import { resolve } from "node:path";
import { OcrMode } from "../../../shared/contract/reading.ts";
import { defineCommand } from "../command.ts";
import { harmless } from "../text.ts";

export const read = defineCommand({
  summary: "The text that Croft sees in a file, with pages and boxes",
  args: [{ name: "FILE", description: "Any file that can be indexed" }],
  options: {
    ocr: { type: "string", choices: OcrMode.options, description: "When pages are read by OCR (auto)" },
    lang: { type: "string", value: "eng+deu", description: "Languages that OCR expects" },
    password: { type: "string", value: "P", description: "Password of an encrypted file" },
  },
  examples: [
    ["croft read scan.pdf --ocr always --lang deu", "The text of a scan"],
    ["croft read report.docx --json", "Text, pages, boxes, tables, warnings"],
  ],
  async run({ args: [file = ""], values, open, output, signal }) {
    const { client } = await open();
    const request = {
      path: resolve(file),
      ...(values.ocr ? { ocr: values.ocr } : {}),
      ...(values.lang ? { languages: values.lang.split("+") } : {}),
      ...(values.password === undefined ? {} : { password: values.password }),
    };
    const result = await client.knowledge.readFile(request, { signal });
    output.result(result, () => harmless(result.text));
    if (output.form === "text") {
      for (const { page, message } of result.warnings) output.notice(`${page === undefined ? "" : `Page ${page}: `}${harmless(message)}`);
    }
    return 0;
  },
});
