import { afterEach, describe, expect, it } from "vitest";
import { createFakeGeneration } from "../../../src/main/engines/fakes/fake-generation.ts";
import type { FakeGenerationOptions } from "../../../src/main/engines/fakes/fake-generation.ts";
import type { GenerateInput } from "../../../src/main/engines/generation/protocol.ts";
import { codeOf, firstItem } from "../../helpers/engine-hosts.ts";

const hosts: ReturnType<typeof createFakeGeneration>[] = [];
afterEach(() => Promise.all(hosts.splice(0).map((host) => host.close())));

function open(options: FakeGenerationOptions = {}) {
  const host = createFakeGeneration(options);
  hosts.push(host);
  return host;
}

const prompt = (text: string, options: Partial<GenerateInput> = {}): GenerateInput => ({
  model: { path: "/none.gguf", contextTokens: 512, threads: 1, sequences: 1 },
  messages: [{ role: "user", text }],
  maxTokens: 100,
  temperature: 0,
  ...options,
});

describe("the fake language model", () => {
  it("streams exactly the text it returns", async () => {
    const items: string[] = [];
    const output = await open().call("generate", prompt("one  two\nthree"), { onItem: ({ text }) => items.push(text) });
    expect(output).toMatchObject({ text: "one  two\nthree", stopReason: "end", completionTokens: 3 });
    expect(items.join("")).toBe(output.text);
  });

  it("says what the script says, after the prefix of the answer", async () => {
    const host = open({ reply: ({ messages }) => `You said ${messages.length} thing.` });
    expect((await host.call("generate", prompt("x", { answerPrefix: "Well: " }))).text).toBe("Well: You said 1 thing.");
  });

  it("stops at a stop string and at the limit", async () => {
    const host = open();
    expect(await host.call("generate", prompt("a b END c", { stop: ["END"] }))).toMatchObject({ text: "a b ", stopReason: "stop" });
    expect(await host.call("generate", prompt("a b c d", { maxTokens: 2 }))).toMatchObject({
      text: "a b",
      stopReason: "length",
      completionTokens: 2,
    });
  });

  it("writes JSON of the schema", async () => {
    const schema = {
      type: "object",
      required: ["name", "lines"],
      properties: {
        name: { type: "string", minLength: 2 },
        lines: { type: "array", minItems: 1, items: { enum: ["a", "b"] } },
        note: { type: "string" },
      },
    };
    expect(JSON.parse((await open().call("generate", prompt("x", { schema }))).text)).toEqual({ name: "xx", lines: ["a"] });
  });

  it("fills a template with choices, values of a schema, or what the script says", async () => {
    const template: GenerateInput["template"] = [
      { kind: "text", text: '{"kind":"' },
      { kind: "value", name: "kind", maxTokens: 4, choices: ["invoice", "letter"] },
      { kind: "text", text: '","total":' },
      { kind: "value", name: "total", maxTokens: 8, schema: { type: "number", minimum: 3 } },
      { kind: "text", text: "}" },
    ];
    const output = await open().call("generate", prompt("x", { template }));
    expect(output).toMatchObject({ text: '{"kind":"invoice","total":3}', values: { kind: "invoice", total: "3" } });
    const scripted = open({ value: ({ name }) => (name === "total" ? "42.50" : undefined) });
    expect((await scripted.call("generate", prompt("x", { template }))).values).toEqual({ kind: "invoice", total: "42.50" });
  });

  it("counts the prompt tokens that a key has read before", async () => {
    const host = open();
    const first = await host.call("generate", prompt("a b c", { prefixKey: "thread" }));
    const second = await host.call("generate", prompt("a b x", { prefixKey: "thread" }));
    expect([first.cachedTokens, second.cachedTokens, second.promptTokens]).toEqual([0, 3, 4]);
    const { promptTokens } = await host.call("warm", {
      model: prompt("").model,
      messages: [{ role: "user", text: "q" }],
    });
    expect((await host.call("generate", prompt("q", { prefixKey: "other" }))).cachedTokens).toBe(promptTokens);
  });

  it("aborts in the middle of the stream", async () => {
    const controller = new AbortController();
    const { onItem, seen } = firstItem();
    const call = open().call("generate", prompt("word ".repeat(100_000), { maxTokens: 100_000 }), { signal: controller.signal, onItem });
    await seen;
    controller.abort();
    expect(await codeOf(call)).toBe("ABORTED");
  });

  it("refuses a schema and a template together", async () => {
    expect(await codeOf(open().call("generate", prompt("x", { schema: {}, template: [] })))).toBe("INVALID_INPUT");
  });
});
