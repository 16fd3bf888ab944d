// A process of its own that downloads one file: argv is url, path, bytes, sha256. Says each progress on stdout.
import { createLogger } from "../../src/main/core/logger.ts";
import { downloadFile } from "../../src/main/features/models/download-file.ts";

const [url = "", path = "", bytes = "", sha256 = ""] = process.argv.slice(2);
const result = await downloadFile({
  fetch,
  url,
  path,
  expected: { bytes: Number(bytes), sha256 },
  signal: new AbortController().signal,
  log: createLogger(() => {}, Date.now),
  onProgress: (done, _total, note) => void process.stdout.write(`${JSON.stringify({ done, note })}\n`),
});
process.stdout.write(`${JSON.stringify({ result: result ?? null })}\n`);
