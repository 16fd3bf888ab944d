import { describe, expect, it } from "vitest";
import type { AskItem } from "../../../src/shared/contract/chat.ts";
import type { GenerateInput } from "../../../src/main/engines/generation/protocol.ts";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import { addAndWait, folderOf, openTestCore } from "../../helpers/core.ts";

const model = "smollm2-135m-instruct";
const keepers = ["Agnes", "Bertil", "Carla", "Dorte", "Edvard", "Fiona", "Goran", "Hanne", "Ivar", "Jonna", "Kasper", "Lotta"];

/** A document of as many sections, each of which names its keeper once and goes on about nothing. */
function chronicle(sections: number): string {
  const filler = "The sea was grey and the wind came from the west, as it had done on every day before. ".repeat(18);
  return keepers
    .slice(0, sections)
    .map((name, index) => `# Year ${1900 + index}\n\nIn ${1900 + index} the keeper of the tower was ${name}. ${filler}`)
    .join("\n\n");
}

/** The sources of a prompt, without the fence. */
const sourcesOf = ({ messages }: GenerateInput) => [...(messages.at(-1)?.text ?? "").matchAll(/^> (.*)$/gmu)].map(([, line = ""]) => line);

async function setUp(sections: number, reply?: (input: GenerateInput) => string) {
  const prompts: GenerateInput[] = [];
  const core = await openTestCore({
    engines: {
      generation: createFakeGeneration({
        reply: (input) => {
          prompts.push(input);
          return (
            reply?.(input) ??
            sourcesOf(input)
              .filter((line) => line.includes("keeper"))
              .map((line) => `- ${line}`)
              .join("\n")
          );
        },
      }),
    },
  });
  const files = { "chronicle.md": chronicle(sections), "returns.md": "# Returns\n\nReturns are accepted for 30 days." };
  await addAndWait(core.client, "notes", folderOf(files));
  const stream = (question: string, more: object = {}, options: { signal?: AbortSignal } = {}) =>
    core.client.chat.ask({ question, collections: ["notes"], model, ...more }, options);
  const ask = async (question: string, more: object = {}): Promise<AskItem[]> => Array.fromAsync(await stream(question, more));
  return { core, prompts, ask, stream };
}

const doneOf = (items: AskItem[]) => {
  const last = items.at(-1);
  if (last?.type !== "done") throw new Error(`The stream ended with ${last?.type}.`);
  return last.answer;
};
const progressOf = (items: AskItem[]) => items.flatMap((item) => (item.type === "progress" ? [item] : []));

describe("summing up a document", () => {
  // Catches a summary of the passages that happened to be found, called one of the document.
  it("reads every section of it, says how far it is, and cites each line", async () => {
    const { ask, prompts, core } = await setUp(4);
    const items = await ask("Summarise the chronicle");
    const read = prompts.flatMap(sourcesOf).join(" ");
    for (const name of keepers.slice(0, 4)) expect(read).toContain(name);
    expect(read).not.toContain("30 days");
    const progress = progressOf(items);
    expect(progress.map(({ done }) => done)).toEqual([...Array(progress.length).keys()]);
    expect(progress.at(-1)).toMatchObject({ done: progress[0]?.total, leftMs: 0 });
    expect(progress[0]?.leftMs).toBeGreaterThan(0);
    const answer = doneOf(items);
    expect(answer.read.passages).toBe(answer.read.matched);
    for (const name of keepers.slice(0, 4)) expect(answer.answer).toContain(name);
    expect(answer.sentences.every(({ verdict, citations }) => verdict === "supported" && citations.length === 1)).toBe(true);
    for (const { quote, quoteStart, quoteEnd, chunk, document } of answer.citations) {
      expect(document.path).toContain("chronicle.md");
      expect((await core.client.knowledge.getText({ textHash: chunk.textHash, start: quoteStart, end: quoteEnd })).text).toBe(quote);
    }
    expect(items.flatMap((item) => (item.type === "token" ? [item.text] : [])).join("")).toBe(answer.answer);
  });

  // Catches a long document whose summary is as long as its notes, and one whose last sections are forgotten.
  it("sums the notes of a long one up again, still with citations into it", async () => {
    const { ask, prompts } = await setUp(12, (input) => {
      const lines = sourcesOf(input).filter((line) => line.includes("keeper"));
      const isNotes = (input.messages[0]?.text ?? "").includes("notes on a document");
      return (isNotes ? lines.slice(-2) : lines).map((line) => `- ${line}`).join("\n");
    });
    const items = await ask("Summarise chronicle.md");
    const answer = doneOf(items);
    const notes = prompts.map(sourcesOf).at(-1)?.join(" ") ?? "";
    for (const name of keepers) expect(notes).toContain(name);
    expect(answer.answer.split("\n")).toHaveLength(2);
    expect(answer.answer).toContain("Lotta");
    expect(answer.read.passages).toBe(answer.read.matched);
    expect(answer.citations.map(({ quote }) => quote)).toContain("In 1911 the keeper of the tower was Lotta.");
  });

  // Catches a made-up line in what claims to be the document's.
  it("leaves out what the document does not say", async () => {
    const { ask } = await setUp(3, () => "- Purple elephants dance at midnight.");
    const answer = doneOf(await ask("Summarise the chronicle"));
    expect(answer.answer).not.toContain("elephants");
    expect(answer.answer).toContain("Agnes");
  });

  // Catches a stop that waits for the whole document, and notes that are lost with it.
  it("stops between two sections and keeps what was noted", async () => {
    const { stream, core, prompts } = await setUp(12);
    const stop = new AbortController();
    let thread = "";
    await expect(async () => {
      for await (const item of await stream("Summarise the chronicle", {}, { signal: stop.signal })) {
        if (item.type === "sources") ({ thread } = item);
        if (item.type === "progress" && item.done === 2) stop.abort();
      }
    }).rejects.toMatchObject({ code: "ABORTED" });
    await core.close();
    const again = await openTestCore({ profile: core.profile });
    const { messages } = await again.client.chat.getThread({ id: thread });
    expect(messages[1]).toMatchObject({ state: "stopped", text: expect.stringContaining("Agnes") });
    expect(messages[1]?.text).not.toContain("Lotta");
    expect(prompts.length).toBeLessThan(12);
  });

  // Catches a model that is asked where none was wanted, and leads that are called the whole.
  it("without a model shows how the sections begin, and does not claim to have read all", async () => {
    const { ask } = await setUp(12, () => {
      throw new Error("The model was asked.");
    });
    const answer = doneOf(await ask("Summarise the chronicle", { effort: "instant" }));
    expect(answer.answer.split("\n").length).toBeLessThanOrEqual(12);
    expect(answer.sentences.every(({ verdict }) => verdict === "supported")).toBe(true);
    expect(answer.read.passages).toBeLessThan(answer.read.matched);
  });

  // Catches “this document” read as the name of one, and the wrong one of two.
  it("takes “it” for the document that the last answer cited", async () => {
    const { ask, stream } = await setUp(3, (input) => sourcesOf(input).find((line) => line.includes("30 days")) ?? "- nothing");
    const { thread } = doneOf(await ask("For how many days are returns accepted?"));
    const answer = doneOf(await Array.fromAsync(await stream("Summarise it", { thread })));
    expect(answer.citations.map(({ document }) => document.title)).toEqual(["Returns"]);
  });

  // Catches a summary of some document for a subject that none is called by.
  it("of what no document is called is answered from passages, and told apart by what was read", async () => {
    const { ask } = await setUp(4);
    const items = await ask("Summarise what is said about the wind from the west");
    expect(doneOf(items).read.passages).toBeLessThanOrEqual(doneOf(items).read.matched);
    expect(new Set(items.map(({ type }) => type)).has("done")).toBe(true);
  });
});
