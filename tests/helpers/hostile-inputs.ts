import type { z } from "zod";
import { sampleOf } from "./sample.ts";

export type HostileInput = { what: string; input: unknown };

const wrongValues: [string, unknown][] = [
  ["null", null],
  ["a number", 42],
  ["not a number", Number.NaN],
  ["an endless number", 1e308],
  ["a negative number", -1],
  ["true", true],
  ["an empty text", ""],
  ["a NUL", "a\0b"],
  ["a huge text", "x".repeat(2_000_000)],
  ["an array", [1, "a", null]],
  ["an object", { a: 1 }],
  ["a path upwards", "../../../etc/passwd\0"],
  ["a lone surrogate", "\ud800"],
];

/** Inputs derived from a schema that something malicious or broken could send: wrong types, missing, huge, NUL, prototype keys. */
export function hostileInputs(schema: z.ZodType): HostileInput[] {
  const valid = sampleOf(schema);
  const whole: HostileInput[] = [
    { what: "nothing", input: undefined },
    ...wrongValues.map(([what, input]) => ({ what, input })),
    { what: "a prototype key", input: JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') },
    // As deep as a client can serialise itself; the tests of frames go deeper.
    { what: "deep nesting", input: JSON.parse(`${'{"a":['.repeat(200)}${"]}".repeat(200)}`) },
  ];
  if (typeof valid !== "object" || valid === null) return whole;
  const fields = Object.keys(valid).flatMap((name): HostileInput[] => [
    { what: `without ${name}`, input: Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name)) },
    ...wrongValues.map(([what, value]) => ({ what: `${name} is ${what}`, input: { ...valid, [name]: value } })),
  ]);
  return [...whole, ...fields];
}
