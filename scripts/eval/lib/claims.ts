import { sentencesOf } from "../../../src/main/features/chat/sentences.ts";
import type { Item } from "../sets.ts";
import { seeded } from "./random.ts";

const PER_KIND = 50;

/** A sentence that an answer could hold, the passage that it is held against, and whether the passage says it. */
export type Claim = { kind: string; isFaithful: boolean; text: string; passage: Item };

/** Makes up to 50 sentences of each kind from documents, by rule and seed: some as the documents say it, some changed. */
export function makeClaims(documents: readonly Item[], seed: number): Claim[] {
  const random = seeded(seed);
  const base = shuffled(
    documents.flatMap((passage) =>
      sentencesOf(passage.text)
        .map(({ start, end }) => passage.text.slice(start, end))
        .filter((text) => /^[A-Z].*\.$/su.test(text) && text.length > 40 && text.length < 250 && !/[|#`]/u.test(text))
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
  add(
    "a clause left out",
    true,
    (text) => (/^(.{40,}?), (?:and|which|who|while|but|where)\b.*$/su.exec(text)?.[1] ?? "").concat(".").replace(/^\.$/u, "") || undefined,
  );
  add("an aside left out", true, (text) => (/\s\([^)]{3,60}\)/u.test(text) ? text.replace(/\s\([^)]{3,60}\)/u, "") : undefined));
  add(
    "reported",
    true,
    (text) =>
      `According to the text, ${text.charAt(0).toLowerCase() === text.charAt(0) ? text : text.replace(/^(The|A|An|In|It|This|These|They|He|She|There|At|On)\b/u, (word) => word.toLowerCase())}`,
  );
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
  add("a denial added", false, (text) =>
    /\b(?:is|was|are|were|can|has|had|will|would|could)\b/u.test(text) && !/\bnot?\b|n't/u.test(text)
      ? text.replace(/\b(is|was|are|were|can|has|had|will|would|could)\b/u, "$1 not")
      : undefined,
  );
  add("said of nobody", false, (text) =>
    /^(?:People|Everyone|Students|Scientists|Users|They|He|She|You|We)\b/u.test(text) && !DENIAL.test(text)
      ? text.replace(/^\w+/u, (word) => (word.length % 2 === 0 ? "Nobody" : "No one"))
      : undefined,
  );
  add("a denial removed", false, (text) =>
    /\bnot\b/u.test(text) && text.match(/\bn[o']t?\b/gu)?.length === 1 ? text.replace(/\s\bnot\b/u, "") : undefined,
  );
  add(
    "another passage as its source",
    false,
    (text) => text,
    (index) => base.slice(index + 1).find(({ passage }) => passage !== base[index]?.passage)?.passage,
  );
  return claims;
}

const DENIAL = /\b(?:no|not|never|none|nobody|nothing|nor|without|cannot)\b|n't/iu;

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
