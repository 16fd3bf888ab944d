import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { modelFolder } from "../../tests/helpers/models.ts";
import type { DirectInput, DirectOutput } from "./lib/direct-embedding.ts";
import { missing } from "./lib/needs.ts";
import { jobEnd, openCore, threads, withFolder } from "./lib/open-core.ts";
import { openPeer } from "./lib/peer.ts";
import { abstracts, textSource, writeFiles } from "./lib/texts.ts";
import { type Figure, type Measurement, median, type Skipped } from "./row.ts";

const modelId = "bge-small-en-v1.5";
type Kind = "files" | "records";

/**
 * Texts through core, from the folder or the file of records until the job is done, against ONNX Runtime alone in a
 * process of its own on the very chunks that came of it, in the same batches. Each round has texts of its own, since
 * core does not index a content twice.
 */
export async function measure({ quick }: { quick: boolean }): Promise<Measurement | Skipped> {
  const skipped = missing(modelId);
  if (skipped) return { skipped };
  const size = quick ? 40 : 400;
  const rounds = quick ? 1 : 3;
  return withFolder(async (folder) => {
    const profile = join(folder, "profile");
    mkdirSync(profile);
    const direct = openPeer<DirectInput, DirectOutput>(new URL("./lib/direct-embedding.ts", import.meta.url));
    const core = await openCore(profile);
    const lines: string[][] = [];
    const figures: Figure[] = [];
    let taken = 0;
    /** Seconds that a collection takes, and its chunks as they were embedded. */
    const index = async (kind: Kind, name: string, count: number) => {
      const texts = abstracts(count, taken);
      taken += count;
      const path = join(folder, name);
      if (kind === "records") writeFileSync(path, texts.map((text, id) => JSON.stringify({ _id: `${name}-${id}`, ...text })).join("\n"));
      else {
        mkdirSync(path);
        writeFiles(path, texts, Infinity, ["txt"]);
      }
      const startedAt = performance.now();
      const added =
        kind === "records"
          ? await core.client.knowledge.addRecords({ collection: name, path })
          : await core.client.knowledge.addSources({ collection: name, paths: [path] });
      await jobEnd(core.client, added.jobId);
      return { ms: performance.now() - startedAt, chunks: embeddedTexts(profile, added.collection.id) };
    };
    try {
      await direct.call({ kind: "load", folder: modelFolder(modelId) ?? "", threads });
      const warm = await index("files", "warm", 16);
      await direct.call({ kind: "embed", texts: warm.chunks });
      for (const kind of ["files", "records"] as const) {
        const ours: number[] = [];
        const theirs: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const { ms, chunks } = await index(kind, `${kind}-${round}`, size);
          ours.push((1000 * chunks.length) / ms);
          theirs.push((1000 * chunks.length) / (await direct.call({ kind: "embed", texts: chunks })).ms);
        }
        const ratio = median(ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN)));
        lines.push([
          kind,
          ...[ours, theirs].flatMap((rates) => [median(rates).toFixed(1), Math.max(...rates).toFixed(1)]),
          ratio.toFixed(2),
        ]);
        figures.push({ name: `ingest of text ${kind} against onnxruntime alone`, value: ratio, unit: "×", target: { atLeast: 0.9 } });
      }
    } finally {
      await core.close();
      direct.end();
    }
    return {
      title: "Ingest of text",
      columns: ["from", "core, chunks/s", "best", "onnxruntime alone", "best", "ratio, median of rounds"],
      lines,
      notes: `${rounds} rounds of ${size} ${textSource()}, ${modelId} int8 with ${threads} threads. Core reads, chunks, stages, embeds, indexes and publishes; onnxruntime gets ready tokens.`,
      figures,
    };
  });
}

/** What was embedded of a collection's chunks: title and headings, then the text, as core puts them together. */
function embeddedTexts(profile: string, collectionId: string): string[] {
  const db = new Database(join(profile, "croft.db"), { readonly: true });
  try {
    return db
      .prepare<[string], { title: string; heading: string; text: string }>(
        `SELECT d.title, k.heading, substr(t.text, k.start + 1, k."end" - k.start) AS text
         FROM collection_documents c JOIN documents d ON d.id = c.document_id JOIN chunks k ON k.document_id = d.id JOIN texts t ON t.hash = k.text_hash
         WHERE c.collection_id = ? ORDER BY k.key`,
      )
      .all(collectionId)
      .map(({ title, heading, text }) => `${heading && heading !== title ? `${title} › ${heading}` : title}\n${text}`.trim());
  } finally {
    db.close();
  }
}
