/**
 * Is an answer sentence judged rightly against its evidence? Sentences of XQuAD-en and of product-docs are kept
 * faithful (verbatim, a clause left out, reported) or changed (a number, a name, a denial, another passage as the
 * source), and each is checked as an answer would be. No model; made by rule, the same in every run.
 */
import { loadLanguage } from "../../src/main/text/languages.ts";
import { checkAnswer } from "../../src/main/features/chat/citations.ts";
import { findEvidence } from "../../src/main/features/chat/evidence.ts";
import { sentencesOf } from "../../src/main/features/chat/sentences.ts";
import type { FoundPassage } from "../../src/main/features/knowledge/index.ts";
import { seeded } from "./lib/random.ts";
import { type Item, readSet } from "./sets.ts";

const PER_KIND = 50;

type Claim = { kind: string; isFaithful: boolean; text: string; passage: Item };

export async function evaluate(dataFolder: string): Promise<string> {
  const tables = [];
  for (const name of ["xquad-en", "product-docs"]) tables.push(await table(name, readSet(dataFolder, name).documents));
  return `# Checking answers against their evidence

Made by \`npm run eval -- claims\`. Thresholds of the check were set on XQuAD-en by eye; product-docs was not used. Changed sentences must not be called supported, faithful ones not unsupported: at most 10 % each.

${tables.join("\n")}`;
}

async function table(name: string, documents: readonly Item[]): Promise<string> {
  const claims = makeClaims(documents);
  const rows = new Map<string, { isFaithful: boolean; supported: number; weak: number; unsupported: number }>();
  for (const claim of claims) {
    const verdict = await judge(claim);
    const row = rows.get(claim.kind) ?? { isFaithful: claim.isFaithful, supported: 0, weak: 0, unsupported: 0 };
    row[verdict] += 1;
    rows.set(claim.kind, row);
  }
  const all = [...rows.values()];
  const share = (isFaithful: boolean, verdict: "supported" | "unsupported") => {
    const chosen = all.filter((row) => row.isFaithful === isFaithful);
    const total = chosen.reduce((sum, row) => sum + row.supported + row.weak + row.unsupported, 0);
    return (chosen.reduce((sum, row) => sum + row[verdict], 0) / Math.max(1, total)).toFixed(3);
  };
  return `## ${name}

| sentences | supported | weak | unsupported |
|---|---|---|---|
${[...rows].map(([kind, row]) => `| ${row.isFaithful ? "faithful" : "changed"}: ${kind} | ${row.supported} | ${row.weak} | ${row.unsupported} |`).join("\n")}

Changed and called supported: ${share(false, "supported")}. Faithful and called unsupported: ${share(true, "unsupported")}.
`;
}

async function judge({ text, passage }: Claim): Promise<"supported" | "weak" | "unsupported"> {
  const found: FoundPassage = {
    rank: 1,
    score: 1,
    text: passage.text,
    document: { id: "0190a0b0-0000-7000-8000-000000000000", title: passage.title },
    chunk: { id: "0190a0b0-0000-7000-8000-000000000000", textHash: "0".repeat(64), start: 0, end: passage.text.length },
    section: { start: 0, end: passage.text.length },
    language: "en",
  };
  const { sentences } = await findEvidence(text, [found], undefined);
  const checked = checkAnswer(text, "What is said about this?", sentences, await loadLanguage("en"), () => ({}));
  const verdicts = checked.sentences.map(({ verdict }) => verdict);
  if (verdicts.every((verdict) => verdict === "supported")) return "supported";
  return verdicts.some((verdict) => verdict !== "unsupported") ? "weak" : "unsupported";
}

function makeClaims(documents: readonly Item[]): Claim[] {
  const base = documents.flatMap((passage) =>
    sentencesOf(passage.text)
      .map(({ start, end }) => passage.text.slice(start, end))
      .filter((text) => /^[A-Z].*\.$/su.test(text) && text.length > 40 && text.length < 250 && !/[|#`]/u.test(text))
      .map((text) => ({ text, passage })),
  );
  const names = [...new Set(base.flatMap(({ text }) => innerNames(text)))];
  const random = seeded(7);
  const pick = <Value>(values: readonly Value[]): Value | undefined => values[Math.floor(random() * values.length)];
  const claims: Claim[] = [];
  const add = (
    kind: string,
    isFaithful: boolean,
    make: (text: string, index: number) => string | undefined,
    source?: (index: number) => Item | undefined,
  ) => {
    let made = 0;
    for (let step = 0; step < base.length && made < PER_KIND; step += 1) {
      const index = (step * 37 + kind.length * 11) % base.length;
      const from = base[index];
      const text = from && make(from.text, index);
      const passage = from && (source ? source(index) : from.passage);
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
  add("a denial removed", false, (text) =>
    /\bnot\b/u.test(text) && text.match(/\bn[o']t?\b/gu)?.length === 1 ? text.replace(/\s\bnot\b/u, "") : undefined,
  );
  add(
    "another passage as its source",
    false,
    (text) => text,
    (index) => base[(index + Math.floor(base.length / 2)) % base.length]?.passage,
  );
  return claims;
}

/** Capitalised words inside a sentence, not at its beginning. */
function innerNames(text: string): string[] {
  return [...text.matchAll(/(?<=[a-z,]\s)\p{Lu}\p{Ll}{2,}/gu)].map(([name]) => name);
}
