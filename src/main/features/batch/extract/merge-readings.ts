import type { Alternative, FieldResult, Fields, FieldValue } from "../../../../shared/contract/batch.ts";
import { isCellRow, isValue } from "../validate/values.ts";

/**
 * Two readings of the same pages as one: equal values are surer, what the first lacks is taken from the second with its
 * place on the page (its offsets belong to another text), and where they differ the second is shown beside the first.
 */
export function mergeReadings(first: Fields, second: Fields): Fields {
  return Object.fromEntries(Object.entries(first).map(([name, field]) => [name, mergeField(field, second[name])]));
}

function mergeField(first: FieldResult, second: FieldResult | undefined): FieldResult {
  if (second === undefined) return first;
  if (isValue(first)) return isValue(second) ? mergeValue(first, second) : first;
  if (isValue(second)) return first;
  if (first.length === 0)
    return second.map((row) =>
      isCellRow(row) ? Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, detached(cell)])) : detached(row),
    ) as FieldResult;
  if (first.length !== second.length) return first;
  return first.map((row, index) => {
    const other = second[index];
    if (other === undefined || isCellRow(row) !== isCellRow(other)) return row;
    if (!isCellRow(row) || !isCellRow(other)) return isCellRow(row) || isCellRow(other) ? row : mergeValue(row, other);
    return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, other[name] ? mergeValue(cell, other[name]) : cell]));
  }) as FieldResult;
}

const CLEARLY_SURER = 0.15;

function mergeValue(first: FieldValue, second: FieldValue): FieldValue {
  if (second.value === null) return first;
  if (first.value === null) return detached(second);
  if (first.value === second.value) return { ...first, sure: Math.round((first.sure + (1 - first.sure) * 0.5) * 1000) / 1000 };
  // The surer one stands: a logo that was misread must not replace a name that was not.
  if (second.sure > first.sure + CLEARLY_SURER) return besides(detached(second), first);
  return besides(first, detached(second));
}

/** A value with another reading beside it, which makes it less sure. */
function besides(first: FieldValue, second: FieldValue): FieldValue {
  const { flags: _flags, alternatives: _alternatives, ...other } = second;
  const others: Alternative[] = [other, ...(first.alternatives ?? []).filter(({ value }) => value !== second.value)];
  return { ...first, sure: Math.round(first.sure * 0.7 * 1000) / 1000, alternatives: others.slice(0, 4) };
}

/** A value whose place is known by page and box alone. */
function detached({ start: _start, end: _end, alternatives: _alternatives, ...value }: FieldValue): FieldValue {
  return value.box === undefined && value.value !== null ? { value: null, sure: 0.5, origin: "rule", flags: [] } : value;
}
