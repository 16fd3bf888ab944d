import type { Fields, FieldValue } from "../../../src/shared/contract/batch.ts";
import { isCellRow, isValue } from "../../../src/main/features/batch/validate/values.ts";

/** What was expected of one field: several values where any of them is right. */
export type Expected = Record<string, (string | number)[] | null>;
export type Score = {
  right: number;
  wrong: number;
  missing: number;
  wrongButSure: number;
  sure: number;
  byField: Map<string, { right: number; wrong: number; missing: number }>;
  bands: { right: number; all: number }[];
  mistakes: string[];
};

export const SURE = 0.9;

export const emptyScore = (): Score => ({
  right: 0,
  wrong: 0,
  missing: 0,
  wrongButSure: 0,
  sure: 0,
  byField: new Map(),
  bands: Array.from({ length: 10 }, () => ({ right: 0, all: 0 })),
  mistakes: [],
});

/** Compares one value; case and white space do not count, numbers to a cent. A null that is expected counts nothing, a value there is wrong. */
export function scoreValue(
  score: Score,
  what: string,
  field: string,
  expected: readonly (string | number)[] | null,
  found: FieldValue | undefined,
): void {
  const own = score.byField.get(field) ?? { right: 0, wrong: 0, missing: 0 };
  score.byField.set(field, own);
  const value = found?.value ?? null;
  if (expected === null && value === null) return;
  const isRight = expected !== null && value !== null && expected.some((one) => isSame(one, value));
  if (value !== null) {
    const sure = found?.sure ?? 0;
    const band = score.bands[Math.min(9, Math.floor(sure * 10))];
    if (band) {
      band.all += 1;
      band.right += Number(isRight);
    }
    if (sure >= SURE) score.sure += 1;
    if (sure >= SURE && !isRight) score.wrongButSure += 1;
  }
  if (isRight) {
    score.right += 1;
    own.right += 1;
    return;
  }
  score.mistakes.push(`${what} ${field}: ${JSON.stringify(value)} (${found?.sure ?? ""}) and not ${JSON.stringify(expected)}`);
  if (value !== null) {
    score.wrong += 1;
    own.wrong += 1;
  }
  if (expected !== null) {
    score.missing += 1;
    own.missing += 1;
  }
}

const plain = (value: unknown) =>
  String(value)
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s.,]+/gu, "");
const isSame = (a: string | number, b: unknown): boolean =>
  typeof a === "number" || typeof b === "number" ? Math.abs(Number(a) - Number(b)) < 0.005 : plain(a) === plain(b);

/** The scalar fields, and the cells of lines matched by their description. */
export function scoreRecord(
  score: Score,
  what: string,
  expected: Expected,
  lines: readonly Record<string, string | number>[],
  fields: Fields,
): void {
  for (const [field, values] of Object.entries(expected)) {
    const found = fields[field];
    scoreValue(score, what, field, values, found !== undefined && isValue(found) ? found : undefined);
  }
  const list = fields["lines"];
  const rows = list === undefined || isValue(list) ? [] : list.filter(isCellRow);
  const left = [...rows];
  for (const line of lines) {
    const at = left.findIndex(
      (row) =>
        isSameText(row["description"]?.value, line["description"]) &&
        Object.entries(line).every(([name, value]) => name === "description" || isSame(value, row[name]?.value ?? "")),
    );
    const index = at >= 0 ? at : left.findIndex((row) => isSameText(row["description"]?.value, line["description"]));
    const [row] = index >= 0 ? left.splice(index, 1) : [];
    for (const [name, value] of Object.entries(line))
      scoreValue(score, what, `lines.${name}`, name === "description" && row ? [String(row["description"]?.value)] : [value], row?.[name]);
  }
  for (const row of left)
    for (const [name, cell] of Object.entries(row)) if (name in (lines[0] ?? {})) scoreValue(score, what, `lines.${name}`, null, cell);
}

/** A description may be longer than the reading of its first line, or be read with the item's code. */
function isSameText(found: unknown, expected: string | number | undefined): boolean {
  // The notice of the set matches by name or code: a code in brackets before the name is not the name.
  const [a, b] = [plain(String(found ?? "").replace(/^[[*][\w-]+[\]*]\s*/u, "")), plain(expected ?? "")];
  return a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a) || b.startsWith(a.slice(0, 12)));
}

export function summary({ right, wrong, missing, wrongButSure, sure }: Score) {
  const precision = right / Math.max(1, right + wrong);
  const recall = right / Math.max(1, right + missing);
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / Math.max(1e-9, precision + recall),
    sureRight: sure === 0 ? 1 : 1 - wrongButSure / sure,
    wrongButSure: wrongButSure / Math.max(1, right + wrong),
  };
}
