import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ReadDocument } from "../../../src/main/features/knowledge/reading/index.ts";
import type { Part } from "../documents.ts";
import { filesIn, type Outcome, percent, type Reader } from "./read-sets.ts";
import { strictMail } from "./strict-mail.ts";
import { textSimilarity } from "./text-scores.ts";
import { shareOf } from "./verdicts.ts";

/** Mails against a strict reading of the same bytes; Outlook's format has no second reader, so only its outcomes count. */
export async function evaluateMail(folder: string, read: Reader): Promise<Part> {
  const outcomes: Outcome[] = [];
  const fields = new Map<string, { right: number; all: number }>();
  const wrong: string[] = [];
  const bodies: { name: string; similarity: number }[] = [];
  for (const path of filesIn(folder)) {
    const outcome = await read(path);
    outcomes.push(outcome);
    const { document } = outcome;
    if (!document || !path.endsWith(".eml")) continue;
    const truth = strictMail(readFileSync(path));
    const metadata = document.head.metadata;
    const found = {
      from: addressesOf(metadata["from"]),
      to: addressesOf(metadata["to"]),
      cc: addressesOf(metadata["cc"]),
      subject: String(metadata["subject"] ?? ""),
      date: /^Date: (.*)$/m.exec(document.text)?.[1] ?? "",
      attachments: document.attachments.map(({ name }) => name).filter((name) => !/^part-\d+$/.test(name)),
    };
    for (const [name, value] of Object.entries(found)) {
      const expected = truth[name as keyof typeof found];
      const isRight = JSON.stringify(value) === JSON.stringify(expected);
      const count = fields.get(name) ?? { right: 0, all: 0 };
      fields.set(name, { right: count.right + (isRight ? 1 : 0), all: count.all + 1 });
      if (!isRight) wrong.push(`| ${basename(path)} | ${name} | ${JSON.stringify(value)} | ${JSON.stringify(expected)} |`);
    }
    if (truth.body?.trim() && metadata["encrypted"] !== true)
      bodies.push({ name: basename(path), similarity: textSimilarity(bodyOf(document), truth.body) });
  }
  const rows = [...fields].map(([name, { right, all }]) => `| ${name} | ${right} of ${all} | ${percent(right, all)} |`);
  const mean = bodies.reduce((sum, { similarity }) => sum + similarity, 0) / bodies.length;
  const lowest = [...bodies].sort((a, b) => a.similarity - b.similarity)[0];
  return {
    outcomes: new Map([["mail", outcomes]]),
    figures: [
      ...[...fields].map(([name, { right, all }]) => shareOf(`mail: ${name}`, right, all, 1)),
      { name: "mail: similarity of bodies, mean", value: mean, unit: "", target: { atLeast: 0.99 } },
    ],
    tables: [
      "## Mail",
      `| field | right | share |\n|---|---:|---:|\n${rows.join("\n")}`,
      ...(wrong.length > 0 ? [`| file | field | found | expected |\n|---|---|---|---|\n${wrong.join("\n")}`] : []),
      `Body: mean similarity ${mean.toFixed(3)} over ${bodies.length} plain bodies, lowest ${lowest?.similarity.toFixed(3)} (${lowest?.name}).`,
    ].join("\n\n"),
  };
}

const addressesOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).flatMap(
    (entry) =>
      String(entry)
        .match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g)
        ?.slice(-1) ?? [],
  );

/** What follows the lines of the head. */
const bodyOf = ({ text }: ReadDocument) => text.slice(text.indexOf("\n\n") + 2);
