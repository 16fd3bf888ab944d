import { expect, test } from "vitest";
import { choiceEnd } from "../../../src/main/engines/generation/choices.ts";

// Catches sampling the rest of a word that can only be one.
test("a choice is made as soon as one is left", () => {
  const end = choiceEnd(["Europe", "Asia", "Africa"], '"');
  expect(end.push("E")).toBe(1);
  expect(end.chosen()).toBe("Europe");
  const other = choiceEnd(["Europe", "Asia", "Africa"], '"');
  expect(other.push("A")).toBeUndefined();
  expect(other.push("f")).toBe(2);
  expect(other.chosen()).toBe("Africa");
});

// Catches a choice that can never be made because another begins with it.
test("what follows decides between a choice and a longer one", () => {
  const short = choiceEnd(["A", "AB"], '", "');
  expect(short.push("A")).toBeUndefined();
  expect(short.push('"')).toBe(1);
  expect(short.chosen()).toBe("A");
  const long = choiceEnd(["A", "AB"], '", "');
  expect(long.push("AB")).toBe(2);
  expect(long.chosen()).toBe("AB");
});

// Catches a token that reaches over the end of the choice being counted as part of it.
test("a token may reach beyond the choice", () => {
  const end = choiceEnd(["yes", "no"], '"}');
  expect(end.push('yes"')).toBe(3);
  expect(end.chosen()).toBe("yes");
});

// Catches throwing away a choice that the model wrote out and then ended.
test("without anything following, the written choice counts", () => {
  const end = choiceEnd(["A", "AB"], "");
  end.push("A");
  expect(end.chosen()).toBe("A");
});
