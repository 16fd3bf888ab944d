/** Lower case, without punctuation, articles and surplus space: `normalize_answer` of SQuAD's evaluation script. */
export function normalAnswer(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[!-/:-@[-`{-~]/gu, "")
    .replaceAll(/\b(?:a|an|the)\b/gu, " ")
    .split(/\s+/u)
    .filter(Boolean)
    .join(" ");
}

const words = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** Whether one of the gold texts stands in the text, word for word, whatever the punctuation. */
export const holds = (text: string, gold: readonly string[]): boolean =>
  gold.some((answer) => ` ${words(text)} `.includes(` ${words(answer)} `));

/** The best token F1 against the gold texts, as SQuAD defines it. */
export const f1 = (answer: string, gold: readonly string[]): number => Math.max(0, ...gold.map((one) => tokenF1(answer, one)));

function tokenF1(answer: string, gold: string): number {
  const given = normalAnswer(answer).split(" ");
  const left = normalAnswer(gold).split(" ");
  const size = left.length;
  const shared = given.filter((token) => {
    const found = left.indexOf(token);
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  }).length;
  return shared === 0 ? 0 : (2 * shared) / (given.length + size);
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
export const share = <Item>(items: readonly Item[], test: (item: Item) => boolean): number =>
  items.filter(test).length / Math.max(1, items.length);

/** The share of pairs in which the positive scores above the negative: the area under the ROC curve. */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  let wins = 0;
  for (const positive of positives) for (const negative of negatives) wins += positive > negative ? 1 : positive === negative ? 0.5 : 0;
  return wins / Math.max(1, positives.length * negatives.length);
}
