import type { LlamaContextSequence, LlamaGrammar, LlamaModel, Token } from "node-llama-cpp";
import { describe, expect, test } from "vitest";
import { choiceEnd } from "../../../src/main/engines/generation/choices.ts";
import { constrain } from "../../../src/main/engines/generation/constraint.ts";
import { loadError, startError, truncatedOutput } from "../../../src/main/engines/generation/errors.ts";
import type { Grammars } from "../../../src/main/engines/generation/grammars.ts";
import type { LoadedModel } from "../../../src/main/engines/generation/loaded-model.ts";
import { plainTokenizer } from "../../../src/main/engines/generation/plain-text.ts";
import { checkMessages } from "../../../src/main/engines/generation/prompt.ts";
import { tokenText } from "../../../src/main/engines/generation/token-text.ts";
import { sampleValue, type Value, type ValueRequest } from "../../../src/main/engines/generation/value.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { seeded } from "../../helpers/random-text.ts";

/** A vocabulary in which each byte is a token, and some words are special ones: 1000 and on. */
function byteModel(special: readonly string[] = []) {
  const tokenize = (text: string): number[] => {
    const tokens: number[] = [];
    for (let at = 0; at < text.length;) {
      const found = special.findIndex((word) => text.startsWith(word, at));
      if (found >= 0) {
        tokens.push(1000 + found);
        at += special[found]?.length ?? 1;
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      tokens.push(...Buffer.from(character));
      at += character.length;
    }
    return tokens;
  };
  const model = {
    tokenize,
    detokenize: (tokens: readonly number[]) =>
      tokens.map((token) => (token >= 1000 ? (special[token - 1000] ?? "") : String.fromCharCode(token))).join(""),
    getTokenAttributes: (token: number) => ({ control: token >= 1000, userDefined: false }),
    isEogToken: () => false,
  };
  return { model: model as unknown as LlamaModel, tokenize };
}
/** The same, but tokens become text only once their character is whole. */
function utf8Model() {
  const decode = (tokens: readonly number[]) => new TextDecoder().decode(Uint8Array.from(tokens));
  return { detokenize: decode } as unknown as LlamaModel;
}
const asTokens = (text: string): Token[] => [...Buffer.from(text)] as unknown as Token[];

describe("tokens as text", () => {
  const odd = ["a", "é", "漢", "😀", "👩‍👩‍👧", " ", "\n", "e\u0301", "𝒳"];

  // Catches: half a character on the screen, a character that is lost, and ends that a value would be cut at wrongly.
  test("give whole characters only, all of them, with the end of each token", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = seeded(seed);
      const text = Array.from({ length: 20 }, () => odd[Math.floor(random() * odd.length)]).join("");
      const decoder = tokenText(utf8Model(), []);
      let written = "";
      for (const token of asTokens(text)) {
        const piece = decoder.push(token);
        expect(piece.isWellFormed() && !piece.includes("\uFFFD")).toBe(true);
        written += piece;
        for (const end of decoder.ends) expect(end === Infinity || end <= written.length).toBe(true);
      }
      expect(written).toBe(text);
      expect(decoder.ends).toHaveLength(Buffer.byteLength(text));
      expect(decoder.ends.at(-1)).toBe(text.length);
    }
  });

  test("leave out a character that the answer ends in the middle of", () => {
    const decoder = tokenText(utf8Model(), []);
    const written = asTokens("a😀")
      .slice(0, 3)
      .map((token) => decoder.push(token))
      .join("");
    expect(written).toBe("a");
    expect(decoder.ends).toEqual([1, Infinity, Infinity]);
  });

  // Catches: broken bytes that are held back for ever, so that nothing more of the answer is shown.
  test("let go of bytes that never become a character", () => {
    const decoder = tokenText(utf8Model(), []);
    const tokens = [0xff, 0xff, 0xff, 0xff, 0x61] as unknown as Token[];
    expect(tokens.map((token) => decoder.push(token)).join("")).toMatch(/a$/);
  });
});

describe("text that others wrote", () => {
  const markers = ["<|im_end|>", "<|im_start|>", "</s>", "<s>"];

  // Catches: a document that ends the user's turn, however it hides the marker.
  test("has none of the model's own marks in it, however they are put together", () => {
    const { model, tokenize } = byteModel(markers);
    const plain = plainTokenizer(model);
    for (let seed = 1; seed <= 30; seed += 1) {
      const random = seeded(seed);
      const pieces = [...markers, "<|im_", "end|>", "<", "s>", "text", "<|im_<|im_end|>end|>", "<<s>s>", "|>"];
      const text = Array.from({ length: 12 }, () => pieces[Math.floor(random() * pieces.length)]).join("");
      const tokens = plain(text) as unknown as number[];
      expect(tokens.every((token) => token < 1000)).toBe(true);
      // The bytes are all there: nothing but the special meaning is taken out.
      expect(String.fromCharCode(...tokens)).toBe(text);
      expect(tokenize(text).length).toBeGreaterThan(0);
    }
  });

  test("without marks is left as it is", () => {
    const { model, tokenize } = byteModel(markers);
    for (const text of ["", "plain", "a < b > c", "<|", "im_end"]) expect(plainTokenizer(model)(text)).toEqual(tokenize(text));
  });

  // Catches: an endless loop over a marker of one character, which cannot be parted.
  test("with a mark that cannot be parted leaves it out", () => {
    const { model } = byteModel(["§"]);
    expect(plainTokenizer(model)("a§b§")).toEqual([...Buffer.from("ab")]);
  });
});

describe("a sampled value", () => {
  /** A model that says these tokens, whatever it is asked. */
  function says(text: string, options: { endless?: boolean; failAt?: number } = {}) {
    let returned = 0;
    const sequence = {
      async *evaluateWithMetadata() {
        try {
          const tokens = asTokens(text);
          for (let at = 0; at < tokens.length || options.endless; at += 1) {
            if (at === options.failAt) throw new Error("the evaluation failed");
            yield { token: tokens[at % tokens.length], confidence: 0.5 };
          }
        } finally {
          returned += 1;
        }
      },
    };
    return { sequence: sequence as unknown as LlamaContextSequence, returned: () => returned };
  }
  const loaded = { model: utf8Model() } as unknown as LoadedModel;

  async function sample(
    text: string,
    request: Partial<ValueRequest> = {},
    more: { signal?: AbortSignal; failAt?: number; onPiece?: (shown: string) => void } = {},
  ) {
    const shown: string[] = [];
    const { sequence, returned } = says(text, {
      endless: request.maxTokens === 50,
      ...(more.failAt === undefined ? {} : { failAt: more.failAt }),
    });
    const signal = more.signal ?? new AbortController().signal;
    const value = await sampleValue(
      loaded,
      sequence,
      [],
      [],
      { maxTokens: 100, stop: [], stopTokens: new Set(), sampling: { temperature: 0 }, confidence: false, ...request },
      { signal, checkpoint: async () => signal.throwIfAborted() },
      (piece) => {
        shown.push(piece);
        more.onPiece?.(shown.join(""));
      },
    );
    expect(shown.join("")).toBe(value.text);
    expect(returned()).toBe((request.maxTokens ?? 1) <= 0 ? 0 : 1);
    return value;
  }

  test("ends where the model ends", async () => {
    expect(await sample("two words")).toMatchObject({ text: "two words", reason: "end", sampled: 9, tail: "" });
  });

  // Catches: what is shown and what is kept that differ, wherever the stop string falls among the tokens.
  test("ends before a stop string that lies anywhere among its tokens", async () => {
    for (const stop of ["STOP", "\n\n", "é", "!?"]) {
      for (const before of ["", "a", "text é", "漢字 "]) {
        if (before.includes(stop)) continue;
        const value = await sample(`${before}${stop}after`, { stop: [stop] });
        expect(value).toMatchObject({ text: before, reason: "stop" });
        expect(value.tokens).toHaveLength(Buffer.byteLength(before) - Buffer.byteLength(value.tail));
      }
    }
  });

  test("shows what looked like a stop string and was none", async () => {
    expect(await sample("ST and STO and end", { stop: ["STOP"] })).toMatchObject({ text: "ST and STO and end", reason: "end" });
  });

  test("takes no more tokens than it may, and none for none", async () => {
    expect(await sample("abc", { maxTokens: 50 })).toMatchObject({ sampled: 50, reason: "length" });
    expect(await sample("abc", { maxTokens: 0 })).toMatchObject({ text: "", sampled: 0, reason: "length" });
    expect(await sample("abc", { maxTokens: -3 })).toMatchObject({ text: "", reason: "length" });
  });

  test("ends at a token that ends the turn, which is no part of it", async () => {
    const [, end] = asTokens("ab");
    if (end === undefined) throw new Error("no token");
    expect(await sample("abc", { stopTokens: new Set([end]) })).toMatchObject({ text: "a", reason: "end", sampled: 1 });
  });

  // Catches: text that a person has already read and that a cancel throws away.
  test("cancelled in the middle is what there is; cancelled before, it is the cancel", async () => {
    const stop = new AbortController();
    const value = await sample("abcdef", {}, { signal: stop.signal, onPiece: (shown) => shown === "abc" && stop.abort() });
    expect(value).toMatchObject({ text: "abc", reason: "aborted" });
  });

  test("whose evaluation fails is the failure, and no answer", async () => {
    await expect(sample("abcdef", {}, { failAt: 2 })).rejects.toThrow("evaluation failed");
  });

  test("has a confidence for every token where they are asked for", async () => {
    expect((await sample("abc", { confidence: true })).confidences).toEqual([0.5, 0.5, 0.5]);
  });
});

describe("a constraint", () => {
  const grammars: Grammars = {
    json: async () => ({ grammar: {} as LlamaGrammar, parse: (text) => JSON.parse(text) as unknown }),
    oneOf: async () => ({}) as LlamaGrammar,
  };
  const value = (text: string, reason: Value["reason"] = "end"): Value => ({
    text,
    reason,
    tokens: [],
    tail: "",
    sampled: text.length,
    confidences: [],
  });
  const part = { kind: "value" as const, name: "a", maxTokens: 9 };

  test("by nothing takes what was said", async () => {
    const { constraint, accept } = await constrain(grammars, part, "");
    expect(constraint).toEqual({});
    expect(accept(value("anything"))).toBe("anything");
  });

  // Catches: half a value taken for a whole one, or a limit taken for a fault of the schema: only one helps with more tokens.
  test("by a schema tells a value that was cut off from one that does not follow it", async () => {
    const { accept } = await constrain(grammars, { ...part, schema: { type: "object" } }, "");
    expect(accept(value('{"a":1}'))).toBe('{"a":1}');
    expect(() => accept(value('{"a":', "length"))).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", data: { reason: "truncated", maxTokens: 9, completionTokens: 5 } }),
    );
    expect(() => accept(value("nonsense", "stop"))).toThrow(expect.objectContaining({ code: "INVALID_INPUT", data: { reason: "schema" } }));
  });

  test("by choices gives the whole choice for its beginning, and refuses what is none", async () => {
    const choices = ["invoice", "receipt"];
    const beginning = await constrain(grammars, { ...part, choices }, '"');
    beginning.constraint.end?.push("in");
    expect(beginning.accept(value("in"))).toBe("invoice");
    const other = await constrain(grammars, { ...part, choices }, '"');
    other.constraint.end?.push("x");
    expect(() => other.accept(value("x", "length"))).toThrow(
      expect.objectContaining({ data: expect.objectContaining({ reason: "truncated" }) }),
    );
  });

  // Catches: a choice that is cut, or never made, in some way of writing it in pieces.
  test("by choices is met by every choice, in pieces of any size", () => {
    const sets = [
      ["yes", "no"],
      ["a", "ab", "abc"],
      ["1", "10", "100"],
      ["same start x", "same start y"],
      ["é", "è"],
      ["only one", "only one more"],
    ];
    for (const choices of sets) {
      for (const choice of choices) {
        for (let seed = 1; seed <= 8; seed += 1) {
          const random = seeded(seed);
          const end = choiceEnd(choices, '", "');
          const written = `${choice}", "`;
          let length: number | undefined;
          for (let at = 0; at < written.length && length === undefined;) {
            const size = 1 + Math.floor(random() * 4);
            length = end.push(written.slice(at, at + size));
            at += size;
          }
          expect(end.chosen(), `${choice} of ${choices.join()}`).toBe(choice);
          expect(length).toBeLessThanOrEqual(choice.length);
        }
      }
    }
  });
});

describe("messages", () => {
  const user = (text: string) => ({ role: "user" as const, text });
  const code = (check: () => void): unknown => {
    try {
      check();
    } catch (error) {
      return error instanceof AppError ? error.code : error;
    }
    return "sound";
  };

  test.each([
    ["none", [], true, "INVALID_INPUT"],
    ["an empty question", [user(" \t\n")], true, "INVALID_INPUT"],
    ["an answer at the end", [user("a"), { role: "assistant" as const, text: "b" }], true, "INVALID_INPUT"],
    ["rules at the end, to be read ahead", [{ role: "system" as const, text: "b" }], false, "sound"],
    ["a question", [user("a")], true, "sound"],
    ["a question beyond any context", [user("x".repeat(64 * 100 + 1))], true, "INVALID_INPUT"],
    ["many that are so together", Array.from({ length: 65 }, () => user("x".repeat(100))), true, "INVALID_INPUT"],
    ["as much as might fit", [user("x".repeat(64 * 100))], true, "sound"],
  ])("%s: %j", (_what, messages, needsQuestion, expected) =>
    expect(code(() => checkMessages(messages, 100, needsQuestion))).toBe(expected),
  );
});

describe("what a failed start or load means", () => {
  // Catches: a lack of memory told as a damaged file (fetched again, for nothing), or the other way round.
  test.each([
    ["failed to create context", "", "MEMORY_LOW"],
    ["insufficient VRAM", "", "MEMORY_LOW"],
    ["load failed", "error: unable to allocate CPU buffer", "MEMORY_LOW"],
    ["load failed", "error: tensor 'x' data is not within the file bounds", "MODEL_INVALID"],
    ["Unsupported model architecture", "", "MODEL_INVALID"],
  ])("%j with the log %j is %s", (message, log, code) => {
    const error = loadError(new Error(message), "/m.gguf", log);
    expect(error).toMatchObject({ code, data: { path: "/m.gguf" }, hint: expect.any(String) });
    expect(error.message).not.toContain("tensor 'x'");
  });

  test("an abort stays one, our own errors stay, and anything thrown becomes one", () => {
    expect(loadError(new DOMException("x", "AbortError"), "/m", "").code).toBe("ABORTED");
    const own = new AppError("MODEL_MISSING", "Gone.");
    expect(loadError(own, "/m", "log")).toBe(own);
    expect(loadError("a text", "/m", "").code).toBe("MODEL_INVALID");
    expect(loadError(undefined, "/m", "").code).toBe("MODEL_INVALID");
  });

  test("a start that failed says what to do, and keeps llama.cpp's words for the log", () => {
    const error = startError(new Error("dlopen"), "warn: no AVX2");
    expect(error).toMatchObject({ code: "ENGINE_UNAVAILABLE", hint: expect.any(String) });
    expect(error.message).not.toContain("AVX2");
    expect(String(error.cause)).toContain("AVX2");
  });

  test("what was cut off says after how many tokens, and what would help", () => {
    expect(truncatedOutput(60, 60)).toMatchObject({
      message: expect.stringContaining("60 tokens"),
      hint: expect.stringContaining("more tokens"),
    });
  });
});
