import { mkdirSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { missing } from "./lib/needs.ts";
import type { LoopReport } from "./lib/loop-probe.ts";
import { jobEnd, withFolder } from "./lib/open-core.ts";
import { commandLine, loopProbe, type ServerProcess, startServer } from "./lib/server-process.ts";
import { abstracts, textSource, writeFiles } from "./lib/texts.ts";
import type { Measurement, Skipped } from "./row.ts";

const wordsAFile = 120;

/** Core in the headless server while a folder is indexed: how late its event loop is, and what memory it takes. */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const skipped = missing("bge-small-en-v1.5");
  if (skipped) return { skipped };
  const files = quick ? 60 : 1000;
  return withFolder(async (folder) => {
    const documents = join(folder, "documents");
    mkdirSync(documents);
    writeFiles(documents, abstracts(files, 1500), wordsAFile);
    const server = await startServer(commandLine, join(folder, "profile"), loopProbe);
    try {
      const before = await watch(server, () => new Promise((resolve) => setTimeout(resolve, 1000)));
      let seconds = 0;
      const during = await watch(server, async () => {
        const startedAt = performance.now();
        const { jobId } = await server.client.knowledge.addSources({ collection: "folder", paths: [documents] });
        await jobEnd(server.client, jobId);
        seconds = (performance.now() - startedAt) / 1000;
      });
      const { chunks } = await server.client.knowledge.showCollection({ collection: "folder" });
      return {
        title: `Core while a folder of ${files} files is indexed`,
        columns: ["", "event loop late p50 ms", "p99 ms", "worst ms", "times looked", "resident memory MB, peak"],
        lines: [toLine("idle", before), toLine("indexing", during)],
        notes: `${files} files (txt, md, html, csv) of up to ${wordsAFile} words of ${textSource()}, ${chunks} chunks in ${seconds.toFixed(0)} s. Memory is that of the process with core and the threads of its engines, the embedder's weights among it; readers are a process of their own.`,
        figures: [
          { name: "event loop of core while indexing, p99 delay", value: during.p99, unit: "ms", target: { atMost: 20 } },
          { name: "event loop of core while indexing, worst delay", value: during.max, unit: "ms" },
          { name: "memory of core while indexing, peak", value: during.peakBytes / 2 ** 20, unit: "MB" },
        ],
      };
    } finally {
      await server.stop();
    }
  });
}

async function watch({ child }: ServerProcess, work: () => Promise<unknown>): Promise<LoopReport> {
  const begun = once(child, "message");
  child.send("begin");
  await begun;
  await work();
  const reported = once(child, "message");
  child.send("report");
  const [report] = (await reported) as [LoopReport];
  return report;
}

const toLine = (name: string, { p50, p99, max, samples, peakBytes }: LoopReport): string[] => [
  name,
  p50.toFixed(1),
  p99.toFixed(1),
  max.toFixed(0),
  String(samples),
  (peakBytes / 2 ** 20).toFixed(0),
];
