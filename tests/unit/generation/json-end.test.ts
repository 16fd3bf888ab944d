import { describe, expect, test } from "vitest";
import { jsonEnd } from "../../../src/main/engines/generation/json-end.ts";

/** Feeds a text in pieces of one size and returns where the value was found to end. */
function endOf(text: string, size = 1): number | undefined {
  const end = jsonEnd();
  for (let at = 0; at < text.length; at += size) {
    const found = end.push(text.slice(at, at + size));
    if (found !== undefined) return found;
  }
  return undefined;
}

describe("end of a JSON value", () => {
  // Catches sampling on after the value, or cutting it at a bracket inside a string.
  test.each([
    ['{"a": "}]"} more', 11],
    ['["\\"]", [1, {}]]tail', 16],
    ['"say \\\\" rest', 8],
    ['"\\u007d"x', 8],
    ["true,", 4],
    ["null}", 4],
    ["false", 5],
    ["-12.5e+3, ", 8],
    ["0\n", 1],
    [' {"a":1}', 8],
    ['""', 2],
  ])("%j ends at %d", (text, end) => {
    for (const size of [1, 2, 3, 100]) expect(endOf(text, size)).toBe(end);
  });

  // Catches a number cut short: only what follows tells that no digit comes.
  test.each(["12", '{"a": [1, 2', '"open', "tru", ""])("%j is not complete", (text) => {
    expect(endOf(text)).toBeUndefined();
  });
});
