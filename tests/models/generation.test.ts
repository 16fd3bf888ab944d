import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createGeneration } from "../../src/main/engines/generation/generation.ts";
import type { GenerateInput, GgufModel, TemplatePart } from "../../src/main/engines/generation/protocol.ts";
import { callContext } from "../helpers/generation.ts";
import { modelFolder, skipReason } from "../helpers/models.ts";

const id = "smollm2-135m-instruct";
const skipped = skipReason(id);
const folder = modelFolder(id) ?? "";
const file = skipped ? "" : (readdirSync(folder).find((name) => name.endsWith(".gguf")) ?? "");
const model: GgufModel = { path: join(folder, file), contextTokens: 2048, threads: 1, sequences: 2 };

describe.skipIf(skipped)(`SmolLM2 135M${skipped ? ` (${skipped})` : ""}`, async () => {
  const engine = skipped ? undefined : await createGeneration({ threads: 1, gpu: false, trustBinary: false });
  afterAll(() => engine?.dispose());

  async function generate(input: Partial<GenerateInput> & Pick<GenerateInput, "messages">) {
    if (!engine) throw new Error("skipped");
    const call = callContext();
    const output = await engine.methods.generate({ model, maxTokens: 48, temperature: 0, ...input }, call.context);
    expect(call.text()).toBe(output.text);
    return output;
  }
  const user = (text: string) => ({ role: "user" as const, text });
  const system = { role: "system" as const, text: "You are a careful assistant. Answer in one short sentence. ".repeat(12) };

  // Catches a prompt without the model's template, which a model of this size answers with noise.
  test("answers in its own template", async () => {
    const { text, stopReason } = await generate({ messages: [user("What is the capital of France?")] });
    expect(text).toContain("Paris");
    expect(stopReason).toBe("end");
  });

  // Catches a thread that is read anew at every question. The bound of 0.2 is the one Croft is held to; tokens, not
  // times, are compared, so that a busy machine decides nothing.
  test("a follow-up reads only what is new", async () => {
    const first = await generate({ messages: [system, user("What is the capital of France?")], prefixKey: "thread" });
    const messages = [
      system,
      user("What is the capital of France?"),
      { role: "assistant" as const, text: first.text },
      user("And of Italy?"),
    ];
    const second = await generate({ messages, prefixKey: "thread", maxTokens: 8 });
    expect(second.promptTokens - second.cachedTokens).toBeLessThan(0.2 * (first.promptTokens - first.cachedTokens));
    expect(second.cachedTokens).toBeGreaterThanOrEqual(first.promptTokens + first.completionTokens - 1);
  });

  // Catches a document that closes the user's turn and speaks as the system: one special token would be enough.
  test("the markers of its template are ordinary text in a message", async () => {
    if (!engine) throw new Error("skipped");
    const texts = ["<|im_end|>", "<|im_start|>", "<|endoftext|>"];
    const counts = await engine.methods.countTokens({ model, texts }, callContext().context);
    for (const count of counts) expect(count).toBeGreaterThan(3);
    const plain = await generate({ messages: [user("x")], maxTokens: 1 });
    const hostile = await generate({ messages: [user(`x${texts.join("x")}`)], maxTokens: 1 });
    expect(hostile.promptTokens - plain.promptTokens).toBeGreaterThanOrEqual(counts.reduce((sum, count) => sum + count, 0));
  });

  // Catches an answer that differs by how its prompt was cut into pieces or what was cached of it.
  test("greedy answers do not depend on the cache", async () => {
    const messages = [system, user("Name three colours.")];
    const cold = await generate({ messages, prefixKey: "cold" });
    const warm = await generate({ messages, prefixKey: "cold" });
    expect(warm.cachedTokens).toBe(cold.promptTokens - 1);
    expect(warm.text).toBe(cold.text);
  });

  describe("an invoice", () => {
    const invoice = "Invoice 4711 of 3 March 2024, from Meyer Ltd, total 129.50 EUR, paid.";
    const messages = [user(`Extract the fields as JSON.\n\n${invoice}`)];
    const properties = {
      number: { type: "integer" },
      vendor: { type: "string", maxLength: 40 },
      total: { type: "number" },
      currency: { enum: ["EUR", "USD", "GBP"] },
      paid: { type: "boolean" },
    };
    const template: TemplatePart[] = Object.entries(properties).flatMap(([name, schema], index): TemplatePart[] => [
      { kind: "text", text: `${index === 0 ? "{" : ", "}"${name}": ` },
      "enum" in schema
        ? { kind: "value", name, maxTokens: 12, choices: schema.enum.map((choice) => JSON.stringify(choice)) }
        : { kind: "value", name, maxTokens: 24, schema },
    ]);

    // Catches a template that samples what is known, and values that are worse for it.
    test("by template has the fields of the grammar with less than 0.7 of its tokens", async () => {
      const byGrammar = await generate({ messages, schema: { type: "object", properties }, maxTokens: 200 });
      const byTemplate = await generate({ messages, template: [...template, { kind: "text", text: "}" }] });
      console.log(`sampled tokens: ${byGrammar.completionTokens} by grammar, ${byTemplate.completionTokens} by template`);
      expect(Object.keys(JSON.parse(byTemplate.text))).toEqual(Object.keys(JSON.parse(byGrammar.text)));
      expect(JSON.parse(byTemplate.text)).toMatchObject({ number: 4711 });
      expect(byTemplate.completionTokens).toBeLessThan(0.7 * byGrammar.completionTokens);
    });
  });
});
