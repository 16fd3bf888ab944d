import { afterAll, describe, expect, test } from "vitest";
import { createGeneration } from "../../src/main/engines/generation/generation.ts";
import type { GenerateInput, TemplatePart } from "../../src/main/engines/generation/protocol.ts";
import { ask, callContext, syntheticModels } from "../helpers/generation.ts";

const models = syntheticModels();
const babbling = models.write();
const engine = await createGeneration({ threads: 1, gpu: false, trustBinary: false });
afterAll(async () => {
  await engine.dispose();
  models.remove();
});

async function generate(input: GenerateInput) {
  const call = callContext();
  const output = await engine.methods.generate(input, call.context);
  expect(call.text()).toBe(output.text);
  return output;
}

const short = { type: "string", maxLength: 4 };
const schema = {
  type: "object",
  properties: {
    name: short,
    count: { type: "integer" },
    tags: { type: "array", items: { enum: ["x", "y"] }, maxItems: 2 },
    sure: { type: "boolean" },
  },
};

describe("a schema", () => {
  // Catches output that is no JSON, lacks a field, or goes on after the last brace: the model itself babbles.
  test("is followed by a model that knows nothing", async () => {
    const { text, stopReason } = await generate(ask(babbling, "hello", { schema, maxTokens: 400 }));
    const value: unknown = JSON.parse(text);
    expect(value).toMatchObject({
      name: expect.any(String),
      count: expect.any(Number),
      tags: expect.any(Array),
      sure: expect.any(Boolean),
    });
    expect(stopReason).toBe("end");
    expect(text.endsWith("}")).toBe(true);
  });

  // Catches half a JSON object given to somebody who parses it.
  test("cut off is an error that says so", async () => {
    const cut = engine.methods.generate(ask(babbling, "hello", { schema, maxTokens: 3 }), callContext().context);
    await expect(cut).rejects.toMatchObject({ code: "INVALID_INPUT", data: { reason: "truncated", maxTokens: 3, completionTokens: 3 } });
    expect(await generate(ask(babbling, "hello", { maxTokens: 2 }))).toMatchObject({ completionTokens: 2 });
  });

  // Catches a number at the top that never ends, or whose end is taken for its first digit.
  test("of a number alone ends", async () => {
    const { text } = await generate(ask(babbling, "hello", { schema: { type: "integer" }, maxTokens: 60 }));
    expect(text).toMatch(/^-?\d+$/);
  });
});

describe("a template", () => {
  const known = (text: string): TemplatePart => ({ kind: "text", text });
  const template: TemplatePart[] = [
    known('{"name": '),
    { kind: "value", name: "name", maxTokens: 20, schema: short },
    known(', "count": '),
    { kind: "value", name: "count", maxTokens: 40, schema: { type: "integer" } },
    known(', "kind": "'),
    { kind: "value", name: "kind", maxTokens: 20, choices: ["invoice", "receipt", "invoice copy"] },
    known('", "note": "'),
    { kind: "value", name: "note", maxTokens: 6 },
    known('"}'),
  ];

  // Catches known text that is changed or sampled, and values that break out of their place.
  test("keeps its known text and fills in the values", async () => {
    const { text, values = {} } = await generate(ask(babbling, "hello", { template }));
    expect(text).toBe(`{"name": ${values["name"]}, "count": ${values["count"]}, "kind": "${values["kind"]}", "note": "${values["note"]}"}`);
    expect(JSON.parse(values["name"] ?? "")).toEqual(expect.any(String));
    expect(values["count"]).toMatch(/^-?\d+$/);
    expect(["invoice", "receipt", "invoice copy"]).toContain(values["kind"]);
  });

  // Catches sampling what is certain: the whole point of a template.
  test("costs fewer sampled tokens than the grammar of the same object", async () => {
    const properties = { name: short, count: { enum: [12, 13] }, kind: { enum: ["invoice", "receipt"] } };
    const byGrammar = await generate(ask(babbling, "hello", { schema: { type: "object", properties }, maxTokens: 400 }));
    const byTemplate = await generate(
      ask(babbling, "hello", {
        template: [
          ...template.slice(0, 3),
          { kind: "value", name: "count", maxTokens: 9, choices: ["12", "13"] },
          known(', "kind": "'),
          { kind: "value", name: "kind", maxTokens: 9, choices: ["invoice", "receipt"] },
          known('"}'),
        ],
      }),
    );
    expect(byTemplate.completionTokens).toBeLessThan(byGrammar.completionTokens / 2);
    expect(JSON.parse(byTemplate.text)).toMatchObject({ count: expect.any(Number), kind: expect.any(String) });
  });

  // Catches a token that reaches beyond its value corrupting what comes after it.
  test("a value ends before its stop string, wherever tokens end", async () => {
    const model = models.write({ answer: 'ab"cd' });
    const parts: TemplatePart[] = [
      { kind: "value", name: "a", maxTokens: 20, stop: ['"'] },
      known('" and\n'),
      { kind: "value", name: "b", maxTokens: 20, stop: ["d"] },
    ];
    const { text, values, stopReason } = await generate(ask(model, "hello", { template: parts }));
    expect(values).toEqual({ a: "ab", b: 'ab"c' });
    expect(text).toBe('ab" and\nab"c');
    expect(stopReason).toBe("end");
  });

  // Catches a choice that is sampled though there is only one.
  test("of one choice samples nothing", async () => {
    const { text, values, completionTokens, promptTokens } = await generate(
      ask(babbling, "hello", { template: [known("a="), { kind: "value", name: "a", maxTokens: 9, choices: ["only"] }, known(".")] }),
    );
    expect({ text, values, completionTokens, promptTokens }).toEqual({
      text: "a=only.",
      values: { a: "only" },
      completionTokens: 0,
      promptTokens: 0,
    });
  });

  // Catches a choice that is cut, or escaped wrongly, on its way into the grammar.
  test("long and odd choices come out whole", async () => {
    const choices = [`long ${"line\n".repeat(200)}`, 'quote " and \\ backslash', "tab\t漢😀", ""];
    for (const first of choices) {
      const { values } = await generate(
        ask({ ...babbling, contextTokens: 2048 }, "hello", {
          template: [{ kind: "value", name: "a", maxTokens: 3_000, choices: [first, `${first}!`] }, known("😀 end")],
        }),
      );
      expect([first, `${first}!`]).toContain(values?.["a"]);
    }
  });

  // Catches a seed that gives the first value only.
  test("is the same for the same seed", async () => {
    const input = ask(babbling, "hello", { template, temperature: 1.2, seed: 5 });
    expect((await generate(input)).text).toBe((await generate(input)).text);
  });

  // Catches a prefix lost because a template's answer is made of pieces.
  test("leaves its prompt and answer in the cache", async () => {
    const model = { ...babbling, sequences: 2 };
    const first = await generate(ask(model, "hello", { template, prefixKey: "t" }));
    const messages = [
      { role: "user" as const, text: "hello" },
      { role: "assistant" as const, text: first.text },
      { role: "user" as const, text: "more" },
    ];
    const second = await generate(ask(model, "", { messages, prefixKey: "t", maxTokens: 2 }));
    expect(second.cachedTokens).toBeGreaterThan(second.promptTokens - 45);
  });
});
