import { type SearchResponse, searchModes } from "../../../shared/contract/search.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";
import { eachQuery } from "../each-query.ts";
import type { Paint } from "../output.ts";
import { oneLine } from "../text.ts";

export const search = defineCommand({
  summary: "Find passages",
  args: [{ name: "QUERY", description: "What to look for", many: true, optional: true }],
  options: {
    kb: { type: "list", value: "NAME", description: "Collection to search (repeatable; all when left out)" },
    mode: { type: "string", choices: searchModes, description: "How to search (hybrid)" },
    "no-rerank": { type: "boolean", description: "Leave the first order as it is" },
    limit: { type: "number", value: "N", description: "Passages (10)" },
    explain: { type: "boolean", description: "Show how each passage was found" },
    queries: { type: "string", value: "FILE", description: 'JSON Lines {"_id","text"}; each is answered on one line, in order' },
  },
  examples: [
    ["croft search 'heat shock response' --kb papers", "The ten best passages"],
    ["croft search invoice 4711 --mode keyword --json", "Exact words, as JSON"],
    ["croft search --queries questions.jsonl --kb papers --limit 100 --jsonl", "Many queries, for measuring"],
  ],
  async run({ args, values, open, output, signal }) {
    if (args.length === 0 && values.queries === undefined) {
      throw new AppError("INVALID_INPUT", "QUERY is missing.", { hint: "See: croft search --help" });
    }
    const { client } = await open();
    const ask = (query: string): Promise<SearchResponse> =>
      client.knowledge.search(
        {
          query,
          collections: values.kb,
          rerank: !values["no-rerank"],
          explain: values.explain,
          ...(values.mode ? { mode: values.mode } : {}),
          ...(values.limit === undefined ? {} : { limit: values.limit }),
        },
        { signal },
      );
    if (values.queries !== undefined) {
      return await eachQuery(values.queries, { output, signal }, async ({ text, queryId }) => ({
        ...(await ask(text)),
        ...(queryId === undefined ? {} : { queryId }),
      }));
    }
    const found = await ask(args.join(" "));
    output.result(found, (paint) => describe(found, paint));
    return 0;
  },
});

function describe({ results, timings, wordsOnly = [] }: SearchResponse, paint: Paint): string {
  const notes = wordsOnly.map((name) =>
    paint("dim", `Of ${oneLine(name, 80)} only the words were searched: its embedding model cannot be used.`),
  );
  if (results.length === 0) return ["Nothing found.", ...notes].join("\n");
  const passages = results.map(({ rank, score, document, chunk, text, legs }) => {
    const place = chunk.page === undefined ? "" : `, page ${chunk.page}`;
    const head = `${paint("bold", `${rank}. ${oneLine(document.title, 120)}`)}${place} ${paint("dim", score.toFixed(3))}`;
    const found = legs
      ? [
          `   ${paint(
            "dim",
            Object.entries(legs)
              .map(([leg, at]) => `${leg} ${at ? `#${at.rank} ${at.score.toFixed(3)}` : "–"}`)
              .join("  "),
          )}`,
        ]
      : [];
    return [head, ...found, `   ${oneLine(text, 300)}`].join("\n");
  });
  return [...passages, ...notes, paint("dim", `${timings.total.toFixed(0)} ms`)].join("\n");
}
