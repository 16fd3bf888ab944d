import type { Llama, LlamaGrammar } from "node-llama-cpp";
import { AppError } from "../../../shared/errors.ts";
import type { JsonSchema } from "./protocol.ts";

/** A grammar of JSON values; `parse` validates a finished one against the schema. */
type JsonGrammar = { grammar: LlamaGrammar; parse(text: string): unknown };

export type Grammars = {
  /** Grammar of a JSON value that is followed by `following`, or by nothing. */
  json(schema: JsonSchema, following: string): Promise<JsonGrammar>;
  /** Grammar of one of the given texts, followed by `following`, or by nothing. */
  oneOf(choices: readonly string[], following: string): Promise<LlamaGrammar>;
};

const maxCached = 64;
/** How much of the text after a value the grammar spells out: a token may reach that far beyond the value. */
const maxFollowing = 24;
/** How node-llama-cpp ends the root rule of every JSON grammar; it stops the answer at four line feeds. */
const libraryEnd = ' "\\n\\n\\n\\n" [\\n]*';

/** Makes grammars and keeps the latest: compiling one costs more than sampling a token. */
export function createGrammars(llama: Llama): Grammars {
  const schemas = keepLatest((key) => llama.createGrammarForJsonSchema(JSON.parse(key)));
  const compiled = keepLatest((text) => llama.createGrammar({ grammar: text }));
  return {
    async json(schema, following) {
      try {
        const text = JSON.stringify(schema);
        // The library would take anything for what such a reference means, and say so on the console.
        if (/"\$ref":"(?!#\/\$defs\/)/.test(text)) throw new Error("a reference leads outside of $defs");
        const library = await schemas(text);
        const [root = "", ...rules] = library.grammar.split("\n");
        const value = root.endsWith(libraryEnd) ? root.slice(0, -libraryEnd.length) : root;
        const end = following === "" ? "[\\n]*" : beginning(following);
        return { grammar: await compiled([`${value} ${end}`, ...rules].join("\n")), parse: (written) => parseWith(library, written) };
      } catch (cause) {
        throw unsupported("This JSON schema cannot be turned into a grammar.", cause);
      }
    },
    async oneOf(choices, following) {
      try {
        return await compiled(`root ::= (${choices.map(literal).join(" | ")}) ${following === "" ? "" : beginning(following)}`);
      } catch (cause) {
        throw unsupported("These choices cannot be turned into a grammar.", cause);
      }
    },
  };
}

const unsupported = (message: string, cause: unknown) => new AppError("INVALID_INPUT", message, { hint: "Use a simpler schema.", cause });

/** The start of what follows a value, never half a character. */
const beginning = (following: string) => literal(Array.from(following).slice(0, maxFollowing).join(""));

/** Text as a literal of llama.cpp's grammar language. */
function literal(text: string): string {
  const escapes: Record<string, string> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const escaped = Array.from(text, (character) => escapes[character] ?? character).join("");
  return `"${escaped}"`;
}

/** A cache of `make` that forgets what was not used for longest. */
function keepLatest<T>(make: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const kept = new Map<string, Promise<T>>();
  return (key) => {
    const value = kept.get(key) ?? make(key);
    kept.delete(key);
    kept.set(key, value);
    value.catch(() => kept.delete(key));
    const oldest = kept.keys().next();
    if (kept.size > maxCached && !oldest.done) kept.delete(oldest.value);
    return value;
  };
}

/**
 * Parses and validates. JSON Schema and the grammar count characters, the library's check UTF-16 units: so what it
 * refuses is checked again with one unit for every character.
 */
function parseWith(library: { parse(text: string): unknown }, text: string): unknown {
  try {
    return library.parse(text);
  } catch (error) {
    const shortened = text.replace(/[\u{10000}-\u{10FFFF}]/gu, "x");
    if (shortened === text) throw error;
    library.parse(shortened);
    return JSON.parse(text);
  }
}
