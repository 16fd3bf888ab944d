/**
 * Is an answer sentence judged rightly against its evidence? Sentences of documents are kept
 * faithful (verbatim, a clause left out, reported) or changed (a number, a name, a denial, another passage as the
 * source), and each is checked as an answer would be. No model; made by rule, the same in every run.
 */
import { loadLanguage } from "../../src/main/text/languages.ts";
import { checkAnswer } from "../../src/main/features/chat/check/citations.ts";
import { findEvidence } from "../../src/main/features/chat/evidence/evidence.ts";
import type { FoundPassage } from "../../src/main/features/knowledge/index.ts";
import { type Claim, makeClaims } from "./lib/claims.ts";
import { type Report, table } from "./report.ts";
import { type RetrievalSet, readSet } from "./sets.ts";

/** Another one makes other sentences. */
const SEED = Number(process.env["CROFT_EVAL_SEED"] ?? 13);

/** What of each set the thresholds of the check have seen. */
const sets = [
  { name: "xquad-en", tuned: "thresholds set on it by eye" },
  { name: "product-docs", tuned: "denials made with others of its sentences in sight" },
  { name: "scifact", tuned: "denials made with others of its sentences in sight" },
  { name: "xquad-de", tuned: "nothing tuned on it" },
];

export async function evaluate(dataFolder: string): Promise<Report> {
  const tables = [];
  for (const { name, tuned } of sets) tables.push({ name, tuned, ...(await count(readSet(dataFolder, name))) });
  return {
    markdown: `# Checking answers against their evidence

Made by \`npm run eval -- claims\`: sentences of documents, changed by rules and a seed, no language model. Changed sentences must not be called supported, faithful ones not unsupported: at most 10 % each.

${tables.map(toMarkdown).join("\n\n")}
`,
    data: tables,
    chart: {
      title: "Changed sentences called supported, faithful ones called unsupported",
      bars: tables.flatMap(({ name, changedSupported, faithfulUnsupported }) => [
        { name: `${name}: changed, called supported`, value: changedSupported, target: { atMost: 0.1 } },
        { name: `${name}: faithful, called unsupported`, value: faithfulUnsupported, target: { atMost: 0.1 } },
      ]),
    },
  };
}

type Table = { name: string; tuned: string } & Awaited<ReturnType<typeof count>>;

function toMarkdown({ name, tuned, rows, changedSupported, faithfulUnsupported }: Table): string {
  return `## ${name} (${tuned})

${table(
  ["sentences", "supported", "weak", "unsupported"],
  rows.map(({ kind, isFaithful, supported, weak, unsupported }) => [
    `${isFaithful ? "faithful" : "changed"}: ${kind}`,
    supported,
    weak,
    unsupported,
  ]),
)}

Changed and called supported: ${changedSupported.toFixed(3)}. Faithful and called unsupported: ${faithfulUnsupported.toFixed(3)}.`;
}

/** How the sentences made from these documents are judged, by kind. */
async function count({ documents, language }: RetrievalSet) {
  const byKind = new Map<string, { kind: string; isFaithful: boolean; supported: number; weak: number; unsupported: number }>();
  for (const claim of makeClaims(documents, SEED, language)) {
    const row = byKind.get(claim.kind) ?? { kind: claim.kind, isFaithful: claim.isFaithful, supported: 0, weak: 0, unsupported: 0 };
    row[await judge(claim, language)] += 1;
    byKind.set(claim.kind, row);
  }
  const rows = [...byKind.values()];
  const share = (isFaithful: boolean, verdict: "supported" | "unsupported") => {
    const chosen = rows.filter((row) => row.isFaithful === isFaithful);
    const total = chosen.reduce((sum, row) => sum + row.supported + row.weak + row.unsupported, 0);
    return chosen.reduce((sum, row) => sum + row[verdict], 0) / Math.max(1, total);
  };
  return { rows, changedSupported: share(false, "supported"), faithfulUnsupported: share(true, "unsupported") };
}

async function judge({ text, passage }: Claim, language: string): Promise<"supported" | "weak" | "unsupported"> {
  const found: FoundPassage = {
    rank: 1,
    score: 1,
    text: passage.text,
    document: { id: "0190a0b0-0000-7000-8000-000000000000", title: passage.title },
    chunk: { id: "0190a0b0-0000-7000-8000-000000000000", textHash: "0".repeat(64), start: 0, end: passage.text.length },
    section: { start: 0, end: passage.text.length },
    language,
  };
  const { sentences } = await findEvidence(text, [found], undefined);
  const checked = checkAnswer(text, "What is said about this?", sentences, await loadLanguage(language), () => ({}));
  const verdicts = checked.sentences.map(({ verdict }) => verdict);
  if (verdicts.every((verdict) => verdict === "supported")) return "supported";
  return verdicts.some((verdict) => verdict !== "unsupported") ? "weak" : "unsupported";
}
