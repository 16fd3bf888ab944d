import type { LoadedNetwork, Output } from "./load-network.ts";
import type { Encoding, LoadedTokenizer } from "./load-tokenizer.ts";
import { invalidModel } from "./model-files.ts";
import type { OnnxModel, RerankInput } from "./protocol.ts";

type Job = Omit<RerankInput, "threads"> & { tokenizer: LoadedTokenizer; network: LoadedNetwork; checkpoint(): Promise<void> };

/**
 * Scores of pairs by a cross-encoder, in the order given, so that the budget reaches the best candidates first.
 * At least one batch is scored.
 * @throws MODEL_INVALID when the model gives no score for each pair
 */
export async function rerankTexts(job: Job): Promise<(number | null)[]> {
  const { tokenizer, network, model, texts, budgetMs, checkpoint } = job;
  const scores: (number | null)[] = texts.map(() => null);
  const deadline = performance.now() + budgetMs;
  for (let from = 0; from < texts.length;) {
    await checkpoint();
    if (from > 0 && performance.now() >= deadline) break;
    const rows = nextRows(job, from);
    const logits = logitsOf(model, rows.length, await network.run(rows, tokenizer.padId));
    for (const row of rows.keys()) scores[from + row] = scoreOf(model, logits, row);
    from += rows.length;
  }
  return scores;
}

/** As many pairs from `from` as fit into one call, one at least. */
function nextRows({ tokenizer, network, model, query, texts }: Job, from: number): Encoding[] {
  const rows: Encoding[] = [];
  for (const text of texts.slice(from)) {
    const row = tokenizer.encode(query, model.maxTokens, text);
    if (rows.length > 0 && (rows.length + 1) * longestOf([...rows, row]) > network.pace.tokens) break;
    rows.push(row);
  }
  return rows;
}

const longestOf = (rows: Encoding[]) => Math.max(...rows.map(({ ids }) => ids.length));

function logitsOf(model: OnnxModel, rows: number, outputs: Map<string, Output>): Output {
  const logits = outputs.get("logits");
  if (logits?.shape.length !== 2 || logits.shape[0] !== rows) throw invalidModel(model, "it gives no scores, so it is no reranker");
  return logits;
}

/** One logit through the sigmoid; of two, the share of the second: both in 0–1. */
function scoreOf(model: OnnxModel, { data, shape }: Output, row: number): number {
  const width = shape[1] ?? 1;
  const at = row * width;
  const logit = width === 1 ? (data[at] ?? 0) : (data[at + 1] ?? 0) - (data[at] ?? 0);
  if (Number.isNaN(logit)) throw invalidModel(model, "its scores are not numbers");
  return 1 / (1 + Math.exp(-logit));
}
