/**
 * What was typed over a setting's value, in the form of that value. A number field that was emptied says nothing:
 * undefined, not nought. What is no number goes to core as it is, which says why it is refused.
 */
export function readDraft(value: unknown, text: string): number | string | string[] | undefined {
  if (Array.isArray(value)) return text.split(/[\s,]+/).filter(Boolean);
  if (typeof value !== "number") return text;
  if (text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
