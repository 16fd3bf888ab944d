import type { FieldResult, Fields, FieldValue, Flag } from "../../../../shared/contract/batch.ts";

export const isValue = (field: FieldResult | undefined): field is FieldValue => field !== undefined && !Array.isArray(field);

/** An entry of a list: a value alone, or the cells of a row. */
export const isCellRow = (row: FieldValue | Record<string, FieldValue>): row is Record<string, FieldValue> =>
  !("flags" in row && Array.isArray(row["flags"]) && "sure" in row);

/** Every value of a record with its path: `total`, `lines.0.amount`, `skills.2`. */
export function* eachValue(fields: Fields): Generator<[string, FieldValue]> {
  for (const [name, field] of Object.entries(fields)) {
    if (isValue(field)) yield [name, field];
    else
      for (const [index, row] of field.entries()) {
        if (!isCellRow(row)) yield [`${name}.${index}`, row];
        else for (const [column, cell] of Object.entries(row)) yield [`${name}.${index}.${column}`, cell];
      }
  }
}

/** The value at a path, or undefined. */
export function valueAt(fields: Fields, path: string): FieldValue | undefined {
  const [name = "", index, column] = path.split(".");
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) return undefined;
  if (isValue(field)) return index === undefined ? field : undefined;
  const row = field[Number(index ?? -1)];
  if (row === undefined) return undefined;
  if (!isCellRow(row)) return column === undefined ? row : undefined;
  return column !== undefined && Object.hasOwn(row, column) ? row[column] : undefined;
}

/** Every value that a rule's path names: one for `total`, one a row for `lines.amount`. */
export function valuesOf(fields: Fields, path: string): [string, FieldValue][] {
  const [name = "", column] = path.split(".");
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) return [];
  if (isValue(field)) return column === undefined ? [[name, field]] : [];
  return field.flatMap((row, index): [string, FieldValue][] => {
    if (!isCellRow(row)) return column === undefined ? [[`${name}.${index}`, row]] : [];
    const cell = column !== undefined && Object.hasOwn(row, column) ? row[column] : undefined;
    return cell ? [[`${name}.${index}.${column}`, cell]] : [];
  });
}

/** The record with other values at some paths. */
export function withValues(fields: Fields, change: (path: string, value: FieldValue) => FieldValue): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]): [string, FieldResult] => {
      if (isValue(field)) return [name, change(name, field)];
      const rows = field.map((row, index) =>
        isCellRow(row)
          ? Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, change(`${name}.${index}.${column}`, cell)]))
          : change(`${name}.${index}`, row),
      );
      return [name, rows as FieldResult];
    }),
  );
}

/** Plain values without places: what schema, rules and exports see. */
export function plainRecord(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      isValue(field)
        ? field.value
        : field.map((row) =>
            isCellRow(row) ? Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, cell.value])) : row.value,
          ),
    ]),
  );
}

export const hasFlag = (flags: readonly Flag[], rule: string): boolean => flags.some((flag) => flag.rule === rule);
