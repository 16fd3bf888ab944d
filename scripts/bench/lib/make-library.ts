import { createHash } from "node:crypto";
import { join } from "node:path";
import { seeded } from "../../../tests/helpers/random-text.ts";
import { openDatabase } from "../../../src/main/db/open.ts";
import { createTruth } from "../../../src/main/db/truth.ts";
import type { CallContext } from "../../../src/main/engines/engine.ts";
import { createSearch } from "../../../src/main/engines/search/create-search.ts";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore, type Publication } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { sentences } from "./texts.ts";

const chunksADocument = 50;
const documentsAWrite = 20;
const dimensions = 384;
/** As collections name it, and under which name its vectors lie in the index. */
const embedder = { id: "local:bge-small-en-v1.5", key: "local:bge-small-en-v1.5#1" };

/**
 * A profile with one collection of so many chunks, written through the stores as an index job does, with vectors that
 * are drawn instead of made: about half a minute for 100,000.
 */
export async function makeLibrary(profile: string, { collection, chunks }: { collection: string; chunks: number }): Promise<void> {
  const truth = createTruth(openDatabase(profile, Date.now), profile, Date.now);
  const { id: collectionId } = createCollectionStore(truth).create(collection, embedder.id);
  const documents = createDocumentStore(truth);
  const engine = await createSearch({ indexPath: join(profile, "index.db"), truthPath: join(profile, "croft.db") });
  const context: CallContext = { signal: new AbortController().signal, emit() {}, checkpoint: async () => {} };
  const random = seeded(chunks);
  const parts = sentences();
  const pick = () => parts[Math.floor(random() * parts.length)] ?? "";

  for (let made = 0, name = 0; made < chunks;) {
    const publications: Publication[] = [];
    const rows: { key: number; context: string; text: string }[] = [];
    for (let some = 0; some < documentsAWrite && made < chunks; some += 1, name += 1) {
      const texts = Array.from({ length: Math.min(chunksADocument, chunks - made) }, () => `${pick()} ${pick()} ${pick()}`);
      made += texts.length;
      const text = texts.join("\n\n");
      const hash = createHash("sha256").update(`${name} ${text}`).digest("hex");
      const title = `Document ${name}`;
      const id = documents.begin({ contentHash: hash, title, type: "txt", bytes: text.length, language: "en", metadata: {}, warnings: [] });
      documents.storeText(id, hash, text);
      let start = 0;
      const placed = texts.map((part) => {
        const from = start;
        start += part.length + 2;
        return { start: from, end: from + part.length, tokens: 90, heading: "", section: { start: 0, end: Math.min(text.length, 3000) } };
      });
      const keys = documents.storeChunks(id, hash, placed, 0);
      rows.push(...texts.map((part, index) => ({ key: keys[index] ?? 0, context: title, text: part })));
      publications.push({ id, embedder: embedder.key, collectionId, path: `/library/${name}.txt` });
    }
    await engine.methods.put(
      { embedder: embedder.key, dimensions, language: "en", rows, vectors: drawVectors(rows.length, random) },
      context,
    );
    documents.publish(...publications);
  }
  await engine.dispose();
  truth.close();
}

/** Unit vectors in directions of no meaning. */
function drawVectors(count: number, random: () => number): Float32Array {
  const vectors = Float32Array.from({ length: count * dimensions }, () => random() - 0.5);
  for (let row = 0; row < count; row += 1) {
    const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    const length = Math.hypot(...vector);
    for (let index = 0; index < dimensions; index += 1) vector[index] = (vector[index] ?? 0) / length;
  }
  return vectors;
}
