import { type Answer, type AskItem, Effort } from "../../../shared/contract/chat.ts";
import type { Passage } from "../../../shared/contract/search.ts";
import { AppError } from "../../../shared/errors.ts";
import { defineCommand } from "../command.ts";
import { eachQuery } from "../each-query.ts";
import type { Paint } from "../output.ts";
import { harmless, oneLine } from "../text.ts";

export const ask = defineCommand({
  summary: "Answer a question from the documents, with its sources",
  args: [{ name: "QUESTION", description: "The question", many: true, optional: true }],
  options: {
    kb: { type: "list", value: "NAME", description: "Collection to answer from (repeatable; a plain chat when left out)" },
    thread: { type: "string", value: "ID", description: "Go on with this conversation" },
    model: { type: "string", value: "ID", description: "Model that writes (models.chat)" },
    preset: { type: "string", value: "NAME", description: "How a new conversation is answered (croft threads presets)" },
    effort: { type: "string", choices: Effort.options, description: "How much is read (answer.effort)" },
    queries: { type: "string", value: "FILE", description: 'JSON Lines {"_id","text"}; each is answered on one line, in order' },
  },
  examples: [
    ["croft ask 'What is the notice period?' --kb contracts", "The answer as it is written, then its sources"],
    ["croft ask 'And for tenants?' --thread 0192f3a4-7b1c-7def-8abc-0123456789ab", "A follow-up"],
    ["croft ask 'Who signed?' --kb contracts --jsonl", "The stream: sources, token, citation, done"],
    ["croft ask --queries questions.jsonl --kb contracts --jsonl", "Many questions, for measuring"],
  ],
  async run({ args, values, open, output, signal }) {
    if (args.length === 0 && values.queries === undefined) {
      throw new AppError("INVALID_INPUT", "QUESTION is missing.", { hint: "See: croft ask --help" });
    }
    const { client } = await open();
    const stream = async (question: string, onItem: (item: AskItem) => void): Promise<Answer> => {
      let answer: Answer | undefined;
      const { thread, model, preset, effort, kb } = values;
      const request = {
        question,
        ...(kb.length > 0 ? { collections: kb } : {}),
        ...(thread ? { thread } : {}),
        ...(model ? { model } : {}),
        ...(preset ? { preset } : {}),
        ...(effort ? { effort } : {}),
      };
      for await (const item of await client.chat.ask(request, { signal })) {
        onItem(item);
        if (item.type === "done") answer = item.answer;
      }
      signal.throwIfAborted();
      if (!answer) throw new AppError("INTERNAL", "The answer ended before it was done; what was written is in the thread.");
      return answer;
    };

    if (values.queries !== undefined) {
      return await eachQuery(values.queries, { output, signal }, async ({ text, queryId }) => ({
        ...(await stream(text, () => {})),
        ...(queryId === undefined ? {} : { queryId }),
      }));
    }
    if (output.form === "jsonl") {
      await stream(args.join(" "), output.line);
      return 0;
    }
    let written = "";
    let closest: Passage[] = [];
    const answer = await stream(args.join(" "), (item) => {
      if (item.type === "sources") closest = item.passages.slice(0, CLOSEST);
      // Once words are there they tell enough, and a bar would wipe their line.
      if (item.type === "progress" && written === "") {
        const { done, total, leftMs } = item;
        output.progress({ done, total, unit: "sections", ...(leftMs > 0 ? { note: `about ${Math.ceil(leftMs / 1000)} s left` } : {}) });
      }
      if (item.type !== "token") return;
      if (written === "") output.progressEnd();
      written += item.text;
      output.piece(harmless(item.text));
    });
    output.result(answer, (paint) => `${rest(answer, written)}${sources(answer, paint)}${answer.refused ? passages(closest, paint) : ""}`);
    return 0;
  },
});

/** Passages shown where the sources hold no answer. */
const CLOSEST = 3;

/** What is still to be said: the answer itself where it was not streamed, or where a sentence of the sources took its place. */
function rest(answer: Answer, written: string): string {
  if (written.trim() === answer.answer.trim()) return "\n";
  return `${written === "" ? "" : "\n\nThe sources do not say that. They say:\n"}${harmless(answer.answer)}\n`;
}

function passages(closest: readonly Passage[], paint: Paint): string {
  return closest
    .map(({ document, text }) => `${paint("bold", oneLine(document.title, 100))}\n    ${paint("dim", oneLine(text, 200))}\n`)
    .join("");
}

/** Sentences that are more than a quotation of what was found, and how far their sources bear them. */
function doubts({ sentences }: Answer, paint: Paint): string[] {
  return sentences
    .filter(({ verdict }) => verdict !== "supported")
    .map(({ text, verdict }) => `${paint("bold", verdict === "weak" ? "weakly supported" : "not supported")}: ${oneLine(text, 200)}`);
}

function sources(answer: Answer, paint: Paint): string {
  const lines = answer.citations.map(({ n, document, page, quote }) => {
    const place = page === undefined ? "" : `, page ${page}`;
    return `[${n}] ${paint("bold", oneLine(document.title, 100))}${place}\n    ${paint("dim", oneLine(quote, 200))}`;
  });
  return ["", ...lines, ...doubts(answer, paint), ...readLine(answer, paint), paint("dim", `thread ${answer.thread}`), ""].join("\n");
}

/** How much was read of what there is: an answer is complete at best where that is all. */
function readLine({ refused, read: { passages: read, matched } }: Answer, paint: Paint): string[] {
  if (refused || matched === 0) return [];
  if (read < matched) return [paint("dim", `read ${read} of ${matched} passages that matched`)];
  return [paint("dim", matched === 1 ? "read the one passage that matched" : `read all ${matched} passages that matched`)];
}
