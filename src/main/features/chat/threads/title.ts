import type { Message } from "../../../../shared/contract/chat.ts";
import type { ChatMessage } from "../../../engines/generation/protocol.ts";

const LONGEST_TITLE = 80;
const MOST_WORDS = 10;

/** What a person writes before the matter: a greeting, a plea. */
const OPENING =
  /^(?:(?:hi|hello|hey|hallo|please|bitte|kannst du|können sie|can you|could you|would you|i would like to know|i want to know|tell me|sag mir)(?:\s+(?:please|bitte|mir))?[\s,!:.–-]+)+/iu;

/** The first line of a question, without what introduces it. */
export function titleByRule(question: string): string {
  const line = question.replaceAll(/\s+/gu, " ").trim();
  const matter = line.replace(OPENING, "").trim();
  // Words that only introduce are better than none.
  const chosen = matter !== line && matter.length >= 3 ? upperFirst(matter) : line;
  return chosen.length <= LONGEST_TITLE ? chosen : `${cutAtWord(chosen, LONGEST_TITLE - 1)}…`;
}

/** Asks a model for a title of the first exchange. */
export const titlePrompt = (question: string, answer: string): ChatMessage[] => [
  { role: "system", text: "You name conversations. Reply with a title of three to six words and nothing else." },
  { role: "user", text: `Question: When was the lighthouse at Kell Point finished?\nAnswer: It was finished in 1874.` },
  { role: "assistant", text: "Lighthouse at Kell Point" },
  { role: "user", text: `Question: ${shortened(question, 600)}\nAnswer: ${shortened(answer, 600)}` },
];

/**
 * What a model replied as a title, or undefined where it is none: too long, several lines, or about something else,
 * as small models will have it. A title keeps at least one long word of the conversation.
 */
export function checkedTitle(reply: string, [question, answer]: readonly Pick<Message, "text">[]): string | undefined {
  const title = reply
    .trim()
    .replace(/^title:\s*/iu, "")
    .replace(/^["“”'*#\s]+|["“”'*.\s]+$/gu, "");
  const words = title.split(/\s+/u);
  if (title === "" || title.includes("\n") || title.length > LONGEST_TITLE || words.length > MOST_WORDS) return undefined;
  const said = `${question?.text ?? ""} ${answer?.text ?? ""}`.toLowerCase();
  const isKnown = words.some((word) => word.length > 3 && said.includes(word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "")));
  return isKnown ? upperFirst(title) : undefined;
}

function cutAtWord(text: string, length: number): string {
  const cut = text.slice(0, length).toWellFormed();
  const end = cut.lastIndexOf(" ");
  return end > length / 2 ? cut.slice(0, end) : cut;
}

const shortened = (text: string, length: number): string => text.replaceAll(/\s+/gu, " ").slice(0, length).toWellFormed();
const upperFirst = (text: string): string => text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
