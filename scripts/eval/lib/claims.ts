import { sentencesOf } from "../../../src/main/features/chat/check/sentences.ts";
import type { Item } from "../sets.ts";
import { claimRules } from "./claim-rules.ts";
import { seeded } from "./random.ts";

const PER_KIND = 50;

/** A sentence that an answer could hold, the passage that it is held against, and whether the passage says it. */
export type Claim = { kind: string; isFaithful: boolean; text: string; passage: Item };

/** Makes up to 50 sentences of each kind from documents, by rule and seed: some as the documents say it, some changed. */
export function makeClaims(documents: readonly Item[], seed: number, language = "en"): Claim[] {
  const random = seeded(seed);
  const base = shuffled(
    documents.flatMap((passage) =>
      sentencesOf(passage.text)
        .map(({ start, end }) => passage.text.slice(start, end))
        .filter((text) => /^\p{Lu}.*\.$/su.test(text) && text.length > 40 && text.length < 250 && !/[|#`]/u.test(text))
        .map((text) => ({ text, passage })),
    ),
    random,
  );
  const names = [...new Set(base.flatMap(({ text }) => innerNames(text)))];
  const pick = <Value>(values: readonly Value[]): Value | undefined => values[Math.floor(random() * values.length)];
  const claims: Claim[] = [];
  const add = (
    kind: string,
    isFaithful: boolean,
    make: (text: string) => string | undefined,
    source?: (index: number) => Item | undefined,
  ) => {
    let made = 0;
    for (const [index, from] of base.entries()) {
      if (made === PER_KIND) return;
      const text = make(from.text);
      const passage = source ? source(index) : from.passage;
      if (!text || !passage || (text === from.text && !isFaithful && !source)) continue;
      claims.push({ kind, isFaithful, text, passage });
      made += 1;
    }
  };
  add("verbatim", true, (text) => text);
  add("an aside left out", true, (text) => (/\s\([^)]{3,60}\)/u.test(text) ? text.replace(/\s\([^)]{3,60}\)/u, "") : undefined));
  add("a number changed", false, (text) =>
    /\d/u.test(text)
      ? text.replace(/\d+/u, (digits) => String(Number(digits) + 1 + Math.floor(random() * 8)).padStart(digits.length, "0"))
      : undefined,
  );
  add("a sign changed", false, (text) =>
    /(?<=[a-z] )\d+(?:\.\d+)?(?=[ %])/u.test(text) ? text.replace(/(?<=[a-z] )(?=\d+(?:\.\d+)?[ %])/u, "−") : undefined,
  );
  add("a name changed", false, (text) => {
    const own = innerNames(text);
    const name = pick(own);
    const other = pick(names.filter((candidate) => !text.includes(candidate)));
    return name && other ? text.replace(name, other) : undefined;
  });
  for (const { kind, isFaithful, make } of claimRules(language)) add(kind, isFaithful, make);
  add(
    "another passage as its source",
    false,
    (text) => text,
    (index) => base.slice(index + 1).find(({ passage }) => passage !== base[index]?.passage)?.passage,
  );
  return claims;
}

function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** Capitalised words inside a sentence, not at its beginning. */
function innerNames(text: string): string[] {
  return [...text.matchAll(/(?<=[a-z,]\s)\p{Lu}\p{Ll}{2,}/gu)].map(([name]) => name);
}
