import { expect, it } from "vitest";
import { fakeHost } from "../../../src/main/engines/fakes/fake-host.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import type { InferenceProtocol, OnnxModel } from "../../../src/main/engines/inference/protocol.ts";
import type { SearchProtocol } from "../../../src/main/engines/search/protocol.ts";
import { createKnowledge, type KnowledgeOptions } from "../../../src/main/features/knowledge/create-knowledge.ts";
import type { JobContext } from "../../../src/main/jobs/job.ts";
import { SearchRequest } from "../../../src/shared/contract/search.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { recordingLog } from "../../helpers/engine-hosts.ts";
import { temporaryTruth } from "../../helpers/profile.ts";

const model: OnnxModel = { folder: "/m", dtype: "q8", pooling: "cls", queryPrefix: "", maxTokens: 512, dimensions: 8 };

/** A knowledge base whose models are checked by `ensureUsable`; what the network is asked is recorded. */
function setUp(ensureUsable: (id: string, signal: AbortSignal) => Promise<void>) {
  const truth = temporaryTruth();
  const asked: string[] = [];
  const engine = createFakeInference();
  const inference = {
    ...engine,
    async call(method: keyof InferenceProtocol, input: never, more: object) {
      asked.push(method);
      return method === "rerank" ? { scores: [1], loadMs: 0 } : engine.call(method, input, more);
    },
  };
  const never = (): Promise<never> => Promise.reject(new Error("Nobody asks this."));
  const search = fakeHost<SearchProtocol>("search", async () => ({
    methods: {
      put: never,
      remove: never,
      erase: never,
      present: never,
      sweep: never,
      forget: never,
      stats: never,
      query: async () => ({
        hits: [{ key: 1, score: 1, keyword: { rank: 1, score: 1 }, vector: null }],
        matched: 1,
        keywordWeight: 1,
        timings: { keywordMs: 0, vectorMs: 0, fuseMs: 0 },
      }),
    },
    dispose: async () => {},
  }));
  const parts = {
    truth,
    engines: { inference, search },
    jobs: { onChange: () => () => {} },
    settings: { get: (name: string) => (name === "models.reranker" ? "local:reranker" : undefined) },
    models: { resolveOnnx: async (id: string) => ({ ...model, folder: id }) },
    checks: { ensureUsable },
    threads: () => 1,
    log: recordingLog().log,
    now: Date.now,
  };
  const knowledge = createKnowledge(parts as unknown as KnowledgeOptions);
  truth.db.exec(`
    INSERT INTO collections (id, name, embedder, created_at) VALUES ('c', 'notes', 'local:embedder', 1);
    INSERT INTO texts (hash, text, length, created_at) VALUES ('t', 'A lamp.', 7, 1);
    INSERT INTO documents (id, content_hash, title, type, bytes, metadata, warnings, text_hash, state, created_at)
      VALUES ('d', 'h', 'Lamps', 'txt', 7, '{}', '[]', 't', 'published', 1);
    INSERT INTO chunks (key, id, document_id, text_hash, ordinal, start, "end", heading, tokens, section_start, section_end)
      VALUES (1, 'k', 'd', 't', 0, 0, 7, '', 2, 0, 7);
    INSERT INTO collection_documents (collection_id, document_id) VALUES ('c', 'd');
  `);
  return { knowledge, asked };
}

// Catches a file that aborts native code and is loaded into Croft's own process because it reranks instead of embeds.
it("a reranker is probed before it is loaded, and left out of the search when it is of no use", async () => {
  const checked: string[] = [];
  let usable = false;
  const { knowledge, asked } = setUp(async (id) => {
    checked.push(id);
    if (id === "local:reranker" && !usable) throw new AppError("MODEL_INVALID", "It does not load.");
  });
  const request = SearchRequest.parse({ query: "lamp", explain: true });
  expect((await knowledge.search(request)).passages[0]?.legs?.rerank).toBeNull();
  expect(checked).toContain("local:reranker");
  expect(asked).not.toContain("rerank");
  usable = true;
  expect((await knowledge.search(request)).passages[0]?.legs?.rerank).toMatchObject({ rank: 1 });
});

// Catches a probe of a minute that goes on, holding memory and cores, after its job or search was cancelled.
it.each(["job", "search"])("a probe ends with the %s it is for", async (what) => {
  const controller = new AbortController();
  const { knowledge } = setUp(
    (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new AppError("ABORTED", "The probe was cancelled.")));
        controller.abort();
      }),
  );
  const { signal } = controller;
  const work =
    what === "job"
      ? knowledge.indexJob.run({ collectionId: "c" }, { signal, jobId: "j" } as JobContext)
      : knowledge.search(SearchRequest.parse({ query: "lamp", rerank: false }), signal);
  await expect(work).rejects.toMatchObject({ code: "ABORTED" });
});
