import { AppError } from "../../../shared/errors.ts";
import type { CallContext, CreateEngine, EngineHost } from "../engine.ts";
import type { ChatMessage, GenerateInput, GenerateItem, GenerateOutput, GenerationProtocol, TemplatePart } from "../generation/protocol.ts";
import { fakeHost } from "./fake-host.ts";
import type { FakeHostOptions } from "./fake-host.ts";
import { smallestValue } from "./fake-schema.ts";

export type FakeGenerationOptions = FakeHostOptions & {
  /**
   * What the model says to a prompt; by default it repeats the last user message. Not asked for where a schema or a
   * template decides the output and it returns undefined.
   */
  reply?: (input: GenerateInput) => string | undefined;
  /** The value of a template's part; by default its first choice, or the smallest value of its schema. */
  value?: (part: TemplatePart & { kind: "value" }, input: GenerateInput) => string | undefined;
};

/** A language model without weights: streams word by word (a word is a token), honours aborts, schema, template, stop strings and limits. */
export function createFakeGeneration(options: FakeGenerationOptions = {}): EngineHost<GenerationProtocol> {
  return fakeHost("generation", createEngine(options), options);
}

/** What was read ahead for whoever comes next. */
const WARMED = "";

function createEngine({ reply, value }: FakeGenerationOptions): CreateEngine<Record<string, never>, GenerationProtocol> {
  return async () => {
    const prefixes = new Map<string, string[]>();

    /** Tokens of the prompt, and how many of them the key had read before. */
    function read(messages: readonly ChatMessage[], key: string | undefined): { promptTokens: number; cachedTokens: number } {
      const prompt = messages.flatMap(({ role, text }) => [role, ...tokensOf(text)]);
      const known = key === undefined ? [] : (prefixes.get(key) ?? prefixes.get(WARMED) ?? []);
      if (key !== undefined) prefixes.set(key, prompt);
      const differs = prompt.findIndex((token, index) => token !== known[index]);
      return { promptTokens: prompt.length, cachedTokens: differs < 0 ? prompt.length : differs };
    }

    return {
      methods: {
        async generate(input, context) {
          if (input.schema && input.template) throw new AppError("INVALID_INPUT", "Give a schema or a template, not both.");
          const prompt = read(input.messages, input.prefixKey);
          const values = input.template ? valuesOf(input.template, input, value) : undefined;
          const text = input.template && values ? fill(input.template, values) : textOf(input, reply);
          const said = await stream(cut(text, input), input, context);
          return {
            text: said.text,
            ...(values ? { values } : {}),
            stopReason: said.stopReason,
            ...prompt,
            completionTokens: said.tokens,
            ...(input.logProbabilities ? { logProbabilities: Array.from({ length: said.tokens }, () => Math.log(0.9)) } : {}),
            timings: { loadMs: 0, promptMs: 0, firstTokenMs: 0, totalMs: 0 },
          };
        },
        countTokens: async ({ texts }) => texts.map((text) => tokensOf(text).length),
        warm: async ({ messages }) => ({ ...read(messages, WARMED), promptMs: 0, loadMs: 0 }),
        inspect: async () => ({
          architecture: "fake",
          trainContextTokens: 4_096,
          layers: 1,
          embeddingLength: 8,
          weightBytes: 0,
          contextBytesPerToken: 0,
        }),
        unload: async () => null,
      },
      dispose: async () => {},
    };
  };
}

function textOf(input: GenerateInput, reply: FakeGenerationOptions["reply"]): string {
  const scripted = reply?.(input);
  const text = scripted ?? (input.schema ? JSON.stringify(smallestValue(input.schema)) : lastUserText(input.messages));
  return `${input.answerPrefix ?? ""}${text}`;
}

const lastUserText = (messages: ChatMessage[]) => messages.findLast((message) => message.role === "user")?.text ?? "";

function valuesOf(template: TemplatePart[], input: GenerateInput, value: FakeGenerationOptions["value"]): Record<string, string> {
  const parts = template.filter((part) => part.kind === "value");
  return Object.fromEntries(parts.map((part) => [part.name, value?.(part, input) ?? part.choices?.[0] ?? ownValue(part)]));
}

function ownValue({ schema }: TemplatePart & { kind: "value" }): string {
  if (!schema) return "value";
  const smallest = smallestValue(schema);
  return typeof smallest === "string" ? smallest : JSON.stringify(smallest);
}

const fill = (template: TemplatePart[], values: Record<string, string>) =>
  template.map((part) => (part.kind === "text" ? part.text : (values[part.name] ?? ""))).join("");

/** The text up to the first stop string. */
function cut(text: string, { stop = [] }: GenerateInput): { text: string; stopReason: GenerateOutput["stopReason"] } {
  const ends = stop.map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
  return ends.length > 0 ? { text: text.slice(0, Math.min(...ends)), stopReason: "stop" } : { text, stopReason: "end" };
}

async function stream(said: ReturnType<typeof cut>, { maxTokens }: GenerateInput, { emit, checkpoint }: CallContext<GenerateItem>) {
  const tokens = tokensOf(said.text);
  const kept = tokens.slice(0, maxTokens);
  for (const text of kept) {
    await checkpoint();
    emit({ text });
  }
  return { text: kept.join(""), tokens: kept.length, stopReason: kept.length < tokens.length ? ("length" as const) : said.stopReason };
}

/** Words with the white space before them; joined they give the text back. */
const tokensOf = (text: string) => text.match(/\s*\S+|\s+$/g) ?? [];
