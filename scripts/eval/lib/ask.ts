import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import type { Answer, AskRequest } from "../../../src/shared/contract/chat.ts";
import type { Passage } from "../../../src/shared/contract/search.ts";

/** `own` is what the model itself wrote, without the sentence of the sources that follows a guess or takes its place. */
export type Asked = { answer: Answer; own: string; passages: Passage[]; progress: number };

/** Asks and waits for the end of the stream; with the passages that were found and how often progress was told. */
export async function askOnce(
  client: CroftClient,
  request: Pick<AskRequest, "question" | "collections" | "effort" | "filter" | "model">,
): Promise<Asked> {
  let passages: Passage[] = [];
  let progress = 0;
  let written = "";
  for await (const item of await client.chat.ask(request)) {
    if (item.type === "sources") ({ passages } = item);
    if (item.type === "progress") progress += 1;
    if (item.type === "token") written += item.text;
    if (item.type === "done") return { answer: item.answer, own: ownWords(written, item.answer), passages, progress };
  }
  throw new Error("The stream ended without an answer.");
}

/** What was streamed, without a cited sentence that was put behind it as a paragraph of its own. */
export function ownWords(written: string, { citations }: { citations: readonly { quote: string }[] }): string {
  const added = citations.map(({ quote }) => `\n\n${quote}`).find((end) => written.endsWith(end)) ?? "";
  return written.slice(0, written.length - added.length).trim();
}
