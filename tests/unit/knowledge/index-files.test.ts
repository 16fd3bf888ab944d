import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { OnnxModel } from "../../../src/main/engines/inference/protocol.ts";
import { createAttachmentStore } from "../../../src/main/features/knowledge/sources/attachment-store.ts";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { indexFiles } from "../../../src/main/features/knowledge/indexing/index-files.ts";
import { type RunDeps, startRun } from "../../../src/main/features/knowledge/indexing/index-run.ts";
import { createRevisionStore } from "../../../src/main/features/knowledge/pages/revision-store.ts";
import { createSourceStore, SourceOptions } from "../../../src/main/features/knowledge/sources/source-store.ts";
import type { Logger } from "../../../src/main/core/logger.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { temporaryFolder, temporaryTruth } from "../../helpers/profile.ts";

const MEGABYTE = 1024 ** 2;
const model: OnnxModel = { folder: "/m", dtype: "q8", pooling: "cls", queryPrefix: "", maxTokens: 512, dimensions: 8 };

it("holds the files of all sources to one bound of bytes (a dozen dropped files of 40 MB were held at once)", async () => {
  const truth = temporaryTruth();
  const folder = temporaryFolder();
  const { id: collectionId } = createCollectionStore(truth).create("notes", "e");
  const sources = createSourceStore(truth);
  let held = 0;
  let most = 0;
  const paths = [40, 40, 40, 1, 1, 1].map((megabytes, at) => {
    const path = join(folder, `${at}.txt`);
    writeFileSync(path, "");
    truncateSync(path, megabytes * MEGABYTE);
    return path;
  });
  sources.addAll(collectionId, "path", paths, SourceOptions.parse({}));
  const { promise: never } = Promise.withResolvers<never>();
  const deps: RunDeps = {
    sources,
    attachments: createAttachmentStore(truth),
    documents: createDocumentStore(truth),
    revisions: createRevisionStore(truth),
    indexer: { index: () => never, link: () => never, replace: () => never, embed: () => never, clear: () => never },
    reader: {
      async open({ path }) {
        held += Number(path.endsWith("0.txt") || path.endsWith("1.txt") || path.endsWith("2.txt") ? 40 : 1);
        most = Math.max(most, held);
        await new Promise((resolve) => setImmediate(resolve));
        held -= Number(path.endsWith("0.txt") || path.endsWith("1.txt") || path.endsWith("2.txt") ? 40 : 1);
        throw new AppError("FILE_DAMAGED", "It ends too early.");
      },
      read: () => never,
      canRecognise: async () => true,
    },
    optionsOf: async () => ({ languages: ["eng"], ocr: "auto" }),
  };
  const silent = () => undefined;
  const log: Logger = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };
  const run = startRun(deps, { collectionId, embedder: { id: "e", key: "e#1", model } }, new Map(), {
    jobId: "j",
    signal: new AbortController().signal,
    progress: silent,
    leaveLane: silent,
    log,
  });
  await Promise.all(sources.list(collectionId).map((source) => indexFiles(run, source)));
  expect(run.tally).toMatchObject({ failed: 6, indexed: 0 });
  // 40 and the small ones beside it, never 80.
  expect(most).toBeGreaterThanOrEqual(40);
  expect(most).toBeLessThanOrEqual(64);
});
