import { Recipe, type FieldKind, type RecordSchema, type ScalarSchema } from "../../../../shared/contract/recipe.ts";
import type { DocumentView } from "../extract/document-view.ts";
import { learnHabits } from "../extract/habits.ts";
import { fold } from "../extract/labels.ts";
import { findTokens } from "../extract/tokens.ts";

const MOST_FIELDS = 30;
const LONGEST_LABEL = 40;
const KINDS: readonly FieldKind[] = ["iban", "vat", "email", "date", "amount", "phone", "url", "id"];

/** Proposes a recipe from samples: what is written `label: value` or `label | value` in them, most common first. */
export function suggestRecipe(views: readonly DocumentView[], name: string): Recipe {
  const found = new Map<string, { label: string; kinds: FieldKind[]; documents: Set<number>; at: number }>();
  for (const [index, view] of views.entries()) {
    const tokens = findTokens(view, learnHabits(view.text, view.language));
    const note = (label: string, kind: FieldKind, at: number) => {
      const clean = label.replaceAll(/[\s:.#*]+$/gu, "").trim();
      const key = fieldName(clean);
      if (clean.length < 2 || clean.length > LONGEST_LABEL || key === undefined || clean.split(/\s+/u).length > 5) return;
      const known = found.get(key) ?? { label: clean, kinds: [], documents: new Set<number>(), at };
      known.kinds.push(kind);
      known.documents.add(index);
      found.set(key, known);
    };
    for (const { cells, index: line } of view.lines) {
      for (const [at, cell] of cells.entries()) {
        const kindAt = (from: number, to: number): FieldKind =>
          KINDS.find((kind) =>
            tokens.inCell(kind, cell).some((token) => token.start >= from && token.start <= from + 3 && token.end <= to),
          ) ?? "text";
        const inline = /^([\p{L}][^:|]{1,40}):\s+(\S.*)$/u.exec(cell.text);
        if (inline) note(inline[1] ?? "", kindAt(cell.start + cell.text.indexOf(inline[2] ?? ""), cell.end), line);
        const next = cells[at + 1];
        if (!inline && next && /^\p{L}[^\d]{1,40}$/u.test(cell.text)) {
          const kind = KINDS.find((one) =>
            tokens.inCell(one, next).some((token) => token.start === next.start && token.end >= next.end - 2),
          );
          if (kind && (kind !== "id" || cell.text.endsWith(":"))) note(cell.text, kind, line);
        }
      }
    }
  }
  const properties: RecordSchema["properties"] = {};
  const ranked = [...found].sort(([, a], [, b]) => b.documents.size - a.documents.size || a.at - b.at).slice(0, MOST_FIELDS);
  for (const [key, { label, kinds }] of ranked) properties[key] = toSchema(label, mostCommon(kinds));
  if (ranked.length === 0)
    properties["summary"] = { type: ["string", "null"], "x-kind": "free", description: "What the document is about" };
  return Recipe.parse({
    format: "croft.recipe/1",
    name,
    title: name,
    description: "Proposed from samples.",
    schema: { type: "object", properties, required: Object.keys(properties) },
  });
}

function toSchema(label: string, kind: FieldKind): ScalarSchema {
  const type = kind === "amount" || kind === "number" ? (["number", "null"] as const) : (["string", "null"] as const);
  return { type: [...type], "x-kind": kind, "x-labels": [label], ...(kind === "date" ? { format: "date" as const } : {}) };
}

function fieldName(label: string): string | undefined {
  const name = fold(label)
    .replaceAll(/[^a-z\d]+/gu, "_")
    .replaceAll(/^[_\d]+|_+$/gu, "")
    .slice(0, 40);
  return name === "" || name === "constructor" || name === "prototype" ? undefined : name;
}

const mostCommon = (kinds: readonly FieldKind[]): FieldKind =>
  [...Map.groupBy(kinds, (kind) => kind).entries()].sort((a, b) => b[1].length - a[1].length)[0]?.[0] ?? "text";
