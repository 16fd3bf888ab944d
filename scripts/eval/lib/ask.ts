import type { CroftClient } from "../../../src/shared/client/create-client.ts";
import type { Answer, AskRequest } from "../../../src/shared/contract/chat.ts";
import type { Passage } from "../../../src/shared/contract/search.ts";

export type Asked = { answer: Answer; passages: Passage[]; progress: number };

/** Asks and waits for the end of the stream; with the passages that were found and how often progress was told. */
export async function askOnce(
  client: CroftClient,
  request: Pick<AskRequest, "question" | "collections" | "effort" | "filter" | "model">,
): Promise<Asked> {
  let passages: Passage[] = [];
  let progress = 0;
  for await (const item of await client.chat.ask(request)) {
    if (item.type === "sources") ({ passages } = item);
    if (item.type === "progress") progress += 1;
    if (item.type === "done") return { answer: item.answer, passages, progress };
  }
  throw new Error("The stream ended without an answer.");
}
