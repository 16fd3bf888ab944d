import { AppError } from "../../../shared/errors.ts";
import { choiceEnd } from "./choices.ts";
import { truncatedOutput } from "./errors.ts";
import type { Grammars } from "./grammars.ts";
import { jsonEnd } from "./json-end.ts";
import type { TemplatePart } from "./protocol.ts";
import type { Value, ValueRequest } from "./value.ts";

type ValuePart = Extract<TemplatePart, { kind: "value" }>;

export type Constrained = {
  constraint: Pick<ValueRequest, "grammar" | "end">;
  /** The text that a sampled value stands for. @throws INVALID_INPUT when it is none */
  accept(value: Value): string;
};

/** How a part of a template is constrained, with the text that is known to follow it. */
export async function constrain(grammars: Grammars, part: ValuePart, following: string): Promise<Constrained> {
  if (part.choices) return oneOf(grammars, part, part.choices, following);
  if (!part.schema) return { constraint: {}, accept: (value) => value.text };
  const { grammar, parse } = await grammars.json(part.schema, following);
  return {
    constraint: { grammar, end: jsonEnd() },
    accept(value) {
      try {
        parse(value.text);
        return value.text;
      } catch (cause) {
        if (value.reason === "length") throw truncatedOutput(part.maxTokens, value.sampled);
        throw new AppError("INVALID_INPUT", "The model's answer does not follow the schema; nothing of it was kept.", {
          hint: "Use a simpler schema.",
          data: { reason: "schema" },
          cause,
        });
      }
    },
  };
}

async function oneOf(grammars: Grammars, part: ValuePart, choices: readonly string[], following: string): Promise<Constrained> {
  const end = choiceEnd(choices, following);
  return {
    constraint: { grammar: await grammars.oneOf(choices, following), end },
    accept(value) {
      const chosen = end.chosen();
      if (chosen === undefined || !chosen.startsWith(value.text)) throw truncatedOutput(part.maxTokens, value.sampled);
      return chosen;
    },
  };
}
