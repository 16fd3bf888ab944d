import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Part } from "../documents.ts";
import { filesIn, type Outcome, percent, type Reader } from "./read-sets.ts";
import { shareOf } from "./verdicts.ts";

const PdfjsFacts = z.record(
  z.string(),
  z.object({ pages: z.number().nullable(), encrypted: z.boolean().nullable(), password: z.string().optional() }),
);
const PyPdfFacts = z.object({
  data: z.array(
    z.object({
      path: z.string(),
      pages: z.number(),
      producer: z.string().nullable(),
      creation_date: z.string().nullable(),
      encrypted: z.boolean(),
    }),
  ),
});
const Passwords = z.record(z.string(), z.object({ user: z.string(), owner: z.string() }));

/**
 * Some facts of py-pdf are not what stands in the bytes: zones of two dates (inline-image.pdf has -01'00', listed is
 * +02:00), and one producer and date that are listed by hand.
 */
const targets: Record<string, number> = { "py-pdf: pages": 0.95, "py-pdf: producer": 0.9, "py-pdf: creation date": 0.75 };

const wrongPassword = "certainly wrong";

/** PDFs of bug reports, of many producers, and hostile ones: what is known of each against what was read. */
export async function evaluatePdfs(documents: string, read: Reader): Promise<Part> {
  const checks = new Map<string, { right: number; all: number }>();
  const wrong: string[] = [];
  const check = (name: string, file: string, isRight: boolean, found: unknown) => {
    const count = checks.get(name) ?? { right: 0, all: 0 };
    checks.set(name, { right: count.right + (isRight ? 1 : 0), all: count.all + 1 });
    if (!isRight) wrong.push(`| ${file} | ${name} | ${String(found)} |`);
  };
  const outcomes = new Map<string, Outcome[]>();
  const note = (set: string, outcome: Outcome) => void outcomes.set(set, [...(outcomes.get(set) ?? []), outcome]);
  const parse = <T>(schema: z.ZodType<T>, path: string) => schema.parse(JSON.parse(readFileSync(path, "utf8")));

  const pdfjs = parse(PdfjsFacts, join(documents, "pdf/pdfjs/facts.json"));
  for (const path of filesIn(join(documents, "pdf/pdfjs"))) {
    const name = basename(path);
    const fact = pdfjs[name];
    if (fact?.password !== undefined) {
      check("a missing password is reported", name, ...sameCode(await read(path), "FILE_ENCRYPTED"));
      check("a wrong password is reported", name, ...sameCode(await read(path, { password: wrongPassword }), "FILE_PASSWORD_WRONG"));
    }
    const outcome = await read(path, fact?.password === undefined ? {} : { password: fact.password });
    note("pdf, pdfjs", outcome);
    if (!fact || fact.pages === null) continue;
    check("pdfjs: pages", name, outcome.document?.head.pages === fact.pages, outcome.document?.head.pages ?? outcome.code);
    if (outcome.document && fact.encrypted !== null)
      check(
        "pdfjs: encrypted",
        name,
        (outcome.document.head.metadata["encrypted"] === true) === (fact.encrypted || fact.password !== undefined),
        !fact.encrypted,
      );
  }

  for (const fact of parse(PyPdfFacts, join(documents, "pdf/py-pdf/files.json")).data) {
    const path = join(documents, "pdf/py-pdf", fact.path);
    if (!existsSync(path)) continue;
    const name = basename(path);
    const outcome = await read(path, fact.encrypted ? { password: "openpassword" } : {});
    note("pdf, py-pdf", outcome);
    const metadata = outcome.document?.head.metadata ?? {};
    check("py-pdf: pages", name, outcome.document?.head.pages === fact.pages, outcome.document?.head.pages ?? outcome.code);
    check("py-pdf: encrypted", name, (metadata["encrypted"] === true) === fact.encrypted, metadata["encrypted"]);
    if (fact.producer !== null)
      check("py-pdf: producer", name, String(metadata["producer"] ?? "") === fact.producer.trim(), metadata["producer"]);
    if (fact.creation_date !== null)
      check("py-pdf: creation date", name, isSameTime(String(metadata["createdAt"]), fact.creation_date), metadata["createdAt"]);
  }

  const passwords = parse(Passwords, join(documents, "pdf-hostile/qpdf-qtest/passwords.json"));
  for (const path of filesIn(join(documents, "pdf-hostile"))) {
    const outcome = await read(path);
    note("pdf-hostile", outcome);
    check(
      "hostile: read, or a specific reason",
      basename(path),
      /^(?:read|FILE_(?:EMPTY|ENCRYPTED|DAMAGED|HOSTILE|TOO_LARGE|TYPE_UNSUPPORTED))$/.test(outcome.code),
      outcome.code,
    );
    for (const password of Object.values(passwords[basename(path)] ?? {}).filter((given) => given !== ""))
      check("hostile: the right password opens", basename(path), ...sameCode(await read(path, { password }), "read"));
  }

  const rows = [...checks].map(([name, { right, all }]) => `| ${name} | ${right} of ${all} | ${percent(right, all)} |`);
  const tables = ["## Facts of PDFs", `| fact | right | share |\n|---|---:|---:|\n${rows.join("\n")}`];
  if (wrong.length > 0) tables.push(`| file | fact | found |\n|---|---|---|\n${wrong.join("\n")}`);
  const figures = [...checks].map(([name, { right, all }]) => shareOf(name, right, all, targets[name] ?? 1));
  return { outcomes, figures, tables: tables.join("\n\n") };
}

const sameCode = (outcome: Outcome, expected: string): [boolean, string] => [outcome.code === expected, outcome.code];

/** Dates that both have a zone are compared as moments, others as they are written. */
function isSameTime(found: string, truth: string): boolean {
  return (
    found === truth ||
    ([found, truth].every((date) => /^[Z+-]/.test(date.slice(19)))
      ? Date.parse(found) === Date.parse(truth)
      : found.slice(0, 19) === truth.slice(0, 19))
  );
}
