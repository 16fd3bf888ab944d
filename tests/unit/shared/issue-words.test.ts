import { describe, expect, it } from "vitest";
import { z } from "zod";
import { issueWords } from "../../../src/shared/issue-words.ts";

const words = (schema: z.ZodType, value: unknown): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map((issue) => issueWords({ ...issue }));

// Catches: the messages of a library in the face of a person ("Too small: expected number to be >=1").
describe("an issue of a schema in words", () => {
  it.each<[z.ZodType, unknown, string]>([
    [z.number().min(1), 0, "must be at least 1"],
    [z.number().gt(1), 1, "must be more than 1"],
    [z.number().max(9), 10, "must be at most 9"],
    [z.string().min(1), "", "must not be empty"],
    [z.string().min(3), "a", "must have at least 3 characters"],
    [z.string().max(2), "abc", "must have at most 2 characters"],
    [z.array(z.string()).min(1), [], "must not be empty"],
    [z.array(z.string()).max(1), ["a", "b"], "must have at most 1 entries"],
    [z.string(), 1, "must be text"],
    [z.int(), 1.5, "must be a whole number"],
    [z.date(), 1, "must be date"],
    [z.object({ a: z.string() }), {}, "is missing"],
    [z.strictObject({}), { b: 1, c: 2 }, "has what is not known here: b, c"],
    [z.enum(["a", "b"]), "c", "must be one of a, b"],
    [z.literal(4), 5, "must be 4"],
    [z.uuid(), "x", "must be an id, as lists show it"],
    [z.string().regex(/^a/, "begins with a"), "b", "is refused (begins with a)"],
    [z.string().refine(() => false, "it is Monday"), "b", "is refused (it is Monday)"],
  ])("%#: %j", (schema, value, said) => expect(words(schema, value)).toEqual([said]));

  it("keeps the message of a library that says nothing else", () => {
    expect(issueWords({ message: "no good" })).toBe("is refused (no good)");
    expect(issueWords({ message: "no good", code: "unrecognized_keys" })).toBe("is refused (no good)");
  });
});
