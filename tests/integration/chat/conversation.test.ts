import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../../src/shared/contract/chat.ts";
import type { GenerateInput } from "../../../src/main/engines/generation/protocol.ts";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { addAndWait, folderOf, openTestCore, type TestCore } from "../../helpers/core.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const model = "smollm2-135m-instruct";
const lamp = "The lamp at Kell Point burned rapeseed oil until 1902. Its keeper was Agnes Muir, who kept a diary in green ink.";

async function setUp(
  reply: (input: GenerateInput) => string = () => "The keeper was Agnes Muir.",
): Promise<TestCore & { told: GenerateInput[] }> {
  const told: GenerateInput[] = [];
  const core = await openTestCore({
    engines: { generation: createFakeGeneration({ reply: (input) => (told.push(input), reply(input)) }) },
  });
  return { ...core, told };
}

async function ask({ client }: TestCore, question: string, more: object = {}): Promise<Answer> {
  for await (const item of await client.chat.ask({ question, model, ...more })) if (item.type === "done") return item.answer;
  throw new Error("The stream ended without an answer.");
}

describe("files of a conversation", () => {
  // Catches: a file that is read and never told, and one that every other conversation and list sees.
  it("are told whole to a plain chat when they are short, and are nobody else's", async () => {
    const core = await setUp();
    const { id: thread } = await core.client.chat.createThread({});
    const attachment = await core.client.chat.attach({ thread, name: "lamp.txt", path: join(folderOf({ "lamp.txt": lamp }), "lamp.txt") });
    expect(attachment).toMatchObject({ name: "lamp.txt", type: expect.any(String), bytes: lamp.length });
    await ask(core, "Who was the keeper?", { thread });
    expect(core.told[0]?.messages[0]?.text).toContain("> The lamp at Kell Point burned");
    expect(await core.client.knowledge.listCollections({})).toEqual([]);
    await ask(core, "Who?", { collections: [] });
    expect(core.told[1]?.messages[0]?.text).not.toContain("Kell Point");
  });

  it("are searched and cited when they are long, within their own conversation only, and gone when it is", async () => {
    const core = await setUp();
    const filler = Array.from(
      { length: 80 },
      (_, n) => `Entry ${n} of the harbour book tells of ships, of tides and of weather number ${n}.`,
    ).join(" ");
    const path = join(folderOf({ "book.txt": `${filler}\n\n${lamp}\n\n${filler}` }), "book.txt");
    const { id: thread } = await core.client.chat.createThread({});
    await core.client.chat.attach({ thread, name: "book.txt", path });
    const context = await core.client.chat.context({ model, thread, question: "Who was the keeper at Kell Point?" });
    expect(context.parts.find(({ kind }) => kind === "attachment")).toMatchObject({ searched: true });
    const answer = await ask(core, "Who was the keeper at Kell Point?", { thread });
    expect(answer.citations[0]).toMatchObject({ document: { path } });
    expect(answer.citations[0]?.quote).toContain("Agnes Muir");
    const trace = await core.client.chat.trace({ message: answer.message });
    expect(trace.passages.some(({ text }) => text.includes("Agnes Muir"))).toBe(true);
    expect(trace.steps.map(({ name }) => name)).toContain("retrieval");

    // A search over all collections is not one over conversations.
    await addAndWait(core.client, "other", folderOf({ "a.md": "# Ferry\n\nThe ferry leaves at nine." }));
    const { results } = await core.client.knowledge.search({ query: "keeper at Kell Point Agnes Muir" });
    expect(results.map(({ document }) => document.path)).not.toContain(path);
    await core.client.chat.removeThread({ id: thread });
    expect(existsSync(path)).toBe(true);
    expect(await core.client.knowledge.listCollections({})).toHaveLength(1);
  });

  it("come from pages in parts, lie in the profile under names of ours, and leave it with the last conversation that has them", async () => {
    const core = await setUp();
    const bytes = Buffer.from(lamp);
    const first = await core.client.chat.uploadPart({ data: bytes.subarray(0, 50).toString("base64") });
    await core.client.chat.uploadPart({ upload: first.upload, data: bytes.subarray(50).toString("base64") });
    const { id: thread } = await core.client.chat.createThread({});
    const attachment = await core.client.chat.attach({ thread, name: "../../escape.txt", upload: first.upload });
    expect(attachment.path.startsWith(join(core.profile, "uploads"))).toBe(true);
    const answer = await ask(core, "Who was the keeper?", { thread });
    expect(core.told[0]?.messages[0]?.text).toContain("Agnes Muir");
    const copy = await core.client.chat.forkThread({ id: thread, message: answer.message });
    const held = () => readdirSync(join(core.profile, "uploads"));
    await core.client.chat.removeThread({ id: thread });
    expect(held()).toHaveLength(1);
    const { parts } = await core.client.chat.context({ model, thread: copy.id, question: "" });
    const copied = parts.find(({ kind }) => kind === "attachment")?.attachment;
    await core.client.chat.detach({ id: copied?.id ?? "" });
    expect(held()).toEqual([]);
  });

  it("are refused when they cannot be read, and nothing of them stays", async () => {
    const core = await setUp();
    const { id: thread } = await core.client.chat.createThread({});
    const { upload } = await core.client.chat.uploadPart({ data: Buffer.from("\0\0\0\0").toString("base64") });
    await expect(core.client.chat.attach({ thread, name: "a.bin", upload })).rejects.toMatchObject({
      code: expect.stringMatching(/^FILE_/),
    });
    await expect(core.client.chat.attach({ thread, name: "a.txt", path: join(temporaryFolder(), "none.txt") })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:NOT_FOUND|FILE_)/),
    });
    const empty = join(temporaryFolder(), "empty.txt");
    writeFileSync(empty, "  \n");
    await expect(core.client.chat.attach({ thread, name: "empty.txt", path: empty })).rejects.toMatchObject({
      code: expect.stringMatching(/^FILE_/),
    });
    expect((await core.client.chat.context({ model, thread, question: "" })).parts.filter(({ kind }) => kind === "attachment")).toEqual([]);
    expect(readdirSync(join(core.profile, "uploads"))).toEqual([]);
  });
});

describe("conversations over a restart", () => {
  it("keep settings, presets, drafts and what can be found in them", async () => {
    const profile = temporaryFolder();
    const engines = { generation: createFakeGeneration({ reply: () => "The keeper was Agnes Muir." }) };
    const first = await openTestCore({ profile, engines });
    await first.client.chat.savePreset({ name: "Brief", settings: { maxTokens: 60 } });
    const { thread } = await ask(first, "Who was the keeper?", { collections: [], preset: "Brief" });
    await first.client.chat.saveDraft({ thread, text: "And wh" });
    await first.close();

    const { client } = await openTestCore({ profile, engines: { generation: createFakeGeneration() } });
    const path = await client.chat.getPath({ id: thread });
    expect(path.thread).toMatchObject({ settings: { maxTokens: 60 }, titled: "rule" });
    expect(path.messages.map(({ text }) => text)).toEqual(["Who was the keeper?", "The keeper was Agnes Muir."]);
    expect(await client.chat.getDraft({ thread })).toEqual({ text: "And wh" });
    expect(await client.chat.searchThreads({ query: "agnes" })).toMatchObject([{ thread, role: "assistant" }]);
  });
});
