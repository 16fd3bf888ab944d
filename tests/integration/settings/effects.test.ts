import { describe, expect, it } from "vitest";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import { createFakeInference } from "../../../src/main/engines/fakes/fake-inference.ts";
import type { InferenceProtocol } from "../../../src/main/engines/inference/protocol.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";
import { makePdf } from "../../helpers/make-pdf.ts";
import { modelFolder } from "../../helpers/models.ts";
import { outlines, scriptedOcr } from "../../helpers/scripted-ocr.ts";

const noEmbedder = modelFolder("bge-small-en-v1.5") ? undefined : "bge-small-en-v1.5 is not installed";
const open = async () => (await openTestCore({ engines: { inference: createFakeInference() } })).client;
const lanterns = () =>
  folderOf(Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`${index}.txt`, `The lantern number ${index}.`])));

/** A page without text, which must be recognised. */
const scan = (raw: string) => Buffer.from(makePdf([{ raw }]));

/** What an answer came to: its text, or the code of its failure. */
async function outcome(client: CroftClient, question: string): Promise<string> {
  try {
    for await (const item of await client.chat.ask({ question, collections: ["notes"] }))
      if (item.type === "done") return item.answer.answer;
    return "no end";
  } catch (error) {
    return String(Object(error).code);
  }
}

describe("a setting is in effect", () => {
  // Catches: a limit that is stored and never asked for, or one that needs a restart.
  it("search.limit: a search that names no number returns so many passages", async () => {
    const client = await open();
    await addAndWait(client, "notes", lanterns());
    const found = async (limit?: number) =>
      (await client.knowledge.search({ query: "lantern", collections: ["notes"], mode: "keyword", limit })).results.length;
    expect(await found()).toBe(6);
    await client.settings.set({ key: "search.limit", value: 2 });
    expect(await found()).toBe(2);
    expect(await found(4)).toBe(4);
    await client.settings.reset({ key: "search.limit" });
    expect(await found()).toBe(6);
  });

  // Catches: a new collection that takes the built-in model whatever was chosen, and an old one that is changed by it.
  it("models.embedding: new collections are made with it, those there are keep theirs", async () => {
    const client = await open();
    const before = await client.knowledge.createCollection({ name: "before" });
    await client.settings.set({ key: "models.embedding", value: "local:another-embedder" });
    const after = await client.knowledge.createCollection({ name: "after" });
    expect([before.embedder, after.embedder]).toEqual(["local:bge-small-en-v1.5", "local:another-embedder"]);
    const kept = (await client.knowledge.listCollections({})).find(({ name }) => name === "before");
    expect(kept?.embedder).toBe("local:bge-small-en-v1.5");
  });

  // Catches: an answer from another model than the chosen one, and an effort that only the window knows.
  it("models.chat and answer.effort: the chosen model is the one that is asked for, and none where an answer is instant", async () => {
    const client = await open();
    await addAndWait(
      client,
      "notes",
      folderOf({ "a.txt": "The lantern of the pier burns from dusk to dawn. The tide turns twice a day." }),
    );
    await client.settings.set({ key: "models.chat", value: "local:not-installed" });
    expect(await outcome(client, "When does the lantern of the pier burn?")).toBe("NOT_FOUND");
    await client.settings.set({ key: "answer.effort", value: "instant" });
    expect(await outcome(client, "When does the lantern of the pier burn?")).toContain("from dusk to dawn");
  });

  // Catches: pages that are recognised against the rule, or a rule that holds only for what is linked after a restart.
  it("ocr.mode: pages are recognised as it says", async () => {
    const ocr = scriptedOcr(["eng"]);
    ocr.open();
    const { client } = await openTestCore({ engines: { inference: createFakeInference(), ocr: ocr.host } });
    await client.settings.set({ key: "ocr.mode", value: "never" });
    await addAndWait(client, "never", folderOf({ "scan.pdf": scan(outlines) }));
    expect(ocr.recognised()).toBe(0);
    await client.settings.set({ key: "ocr.mode", value: "auto" });
    await addAndWait(client, "auto", folderOf({ "other.pdf": scan(`${outlines} 0 0 1 1 re f`) }));
    await expect.poll(ocr.recognised, { timeout: 20_000 }).toBe(1);
  });

  // Catches: a number of threads that is stored while every core is taken.
  it.skipIf(noEmbedder)(`cpu.threads: models are told to use no more${noEmbedder ? ` (skipped: ${noEmbedder})` : ""}`, async () => {
    const fake = createFakeInference();
    const wanted: unknown[] = [];
    const call: EngineHost<InferenceProtocol>["call"] = (method, input, options) => {
      if (method === "embed") wanted.push(Reflect.get(Object(input), "threads"));
      return fake.call(method, input, options);
    };
    const inference: EngineHost<InferenceProtocol> = Object.assign(Object.create(fake), { call });
    const { client } = await openTestCore({ engines: { inference } });
    await client.settings.set({ key: "cpu.threads", value: 1 });
    await addAndWait(client, "notes", lanterns());
    expect(new Set(wanted)).toEqual(new Set([1]));
    await client.settings.set({ key: "cpu.threads", value: 3 });
    await client.knowledge.search({ query: "a lantern", collections: ["notes"], mode: "vector" });
    expect(wanted.at(-1)).toBe(3);
  });

  // Catches: models that stay in memory, or leave it between two questions, whatever was chosen, or only after a restart.
  it("models.idleMinutes: an engine that has nothing to do stays as long as it says", async () => {
    const { client } = await openTestCore({ engines: { inference: createFakeInference() } });
    const ocr = async () => (await client.system.info({})).engines.find(({ name }) => name === "ocr");
    await client.settings.set({ key: "models.idleMinutes", value: 10 });
    await addAndWait(client, "notes", folderOf({ "scan.pdf": scan(outlines) }));
    await expect.poll(ocr, { timeout: 20_000 }).toMatchObject({ state: "ready", generation: 1 });
    await client.settings.set({ key: "models.idleMinutes", value: 0 });
    await addAndWait(client, "notes", folderOf({ "other.pdf": scan(`${outlines} 0 0 1 1 re f`) }));
    await expect.poll(async () => (await ocr())?.state, { timeout: 20_000 }).toBe("stopped");
  });
});
