import { describe, expect, it } from "vitest";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import type { SearchProtocol } from "../../../src/main/engines/search/protocol.ts";
import { createCollectionStore } from "../../../src/main/features/knowledge/collections/collection-store.ts";
import { createDocumentStore } from "../../../src/main/features/knowledge/documents/document-store.ts";
import { createSourceStore } from "../../../src/main/features/knowledge/sources/source-store.ts";
import { createThreadFiles, THREAD_FILE_JOB } from "../../../src/main/features/knowledge/indexing/thread-files.ts";
import type { JobRunner } from "../../../src/main/jobs/job-runner.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

function setUp() {
  const truth = temporaryTruth();
  // The conversation itself plays no part here.
  truth.db.pragma("foreign_keys = OFF");
  const collections = createCollectionStore(truth);
  const sources = createSourceStore(truth);
  const documents = createDocumentStore(truth);
  const begun: { kind: string; title: string; input: unknown }[] = [];
  const cancelled: unknown[] = [];
  const waits = new Map<string, () => void>();
  const jobs = {
    add(kind: string, title: string, input: unknown) {
      begun.push({ kind, title, input });
      return { id: `job ${begun.length}` };
    },
    async cancelWhere(kind: string, test: (input: unknown) => boolean) {
      for (const job of begun) if (job.kind === kind && test(job.input)) cancelled.push(job.input);
      return 0;
    },
    settled: (id: string, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        waits.set(id, resolve);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  } as unknown as JobRunner;
  const calls: string[] = [];
  const index = { call: async (name: string) => void calls.push(name) } as unknown as EngineHost<SearchProtocol>;
  const files = createThreadFiles({ collections, sources, documents, index, jobs, embedder: () => "local:e" });
  return { files, collections, sources, begun, cancelled, waits, calls };
}
const never = new AbortController().signal;

describe("files of a conversation", () => {
  // Catches: an attachment that shows up among everybody's collections, or in a search over all of them.
  it("are collections of their own that no list has and no search over all finds", () => {
    const { files, collections, sources, begun } = setUp();
    const id = files.add("thread", "key", "lease.pdf", "/tmp/lease.pdf");
    expect(collections.list()).toEqual([]);
    expect(collections.resolve([])).toEqual([]);
    expect(sources.list(id).map(({ path }) => path)).toEqual(["/tmp/lease.pdf"]);
    expect(begun).toEqual([{ kind: THREAD_FILE_JOB, title: "Read lease.pdf", input: { collectionId: id } }]);
  });

  it("are removed with the job that still reads them, the others' jobs go on, and the index forgets them", async () => {
    const { files, collections, cancelled, calls } = setUp();
    const one = files.add("thread", "a", "a.pdf", "/tmp/a.pdf");
    const two = files.add("thread", "b", "b.pdf", "/tmp/b.pdf");
    await files.remove([one]);
    expect(cancelled).toEqual([{ collectionId: one }]);
    expect([collections.find(one), collections.find(two)?.id]).toEqual([undefined, two]);
    expect(calls).toContain("erase");
    // A second removal, as after a crash between the two, is none.
    await files.remove([one]);
  });

  // Catches: a question that is answered before its file was read, or that waits for ever for one that was read long ago.
  it("are waited for while they are read, once", async () => {
    const { files, waits } = setUp();
    const id = files.add("thread", "a", "a.pdf", "/tmp/a.pdf");
    let isDone = false;
    const waiting = files.settled([id, "of a former run"], never).then(() => (isDone = true));
    await Promise.resolve();
    expect(isDone).toBe(false);
    waits.get("job 1")?.();
    await waiting;
    waits.clear();
    await files.settled([id], never);
    expect(waits.size).toBe(0);
  });

  it("are waited for no longer than who asks", async () => {
    const { files } = setUp();
    const id = files.add("thread", "a", "a.pdf", "/tmp/a.pdf");
    const stop = new AbortController();
    const waiting = files.settled([id], stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});
