import type { Message } from "../../../../shared/contract/chat.ts";

/** Words that point back to what was said before; `\b` knows ASCII letters only and would see “er” in “größer”. */
const POINTS_BACK =
  /(?<![\p{L}\p{N}_])(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|ones|same|former|latter|er|sie|es|ihm|ihn|ihr|ihre|seine|deren|dessen|dies|diese|dieser|dort|davon|dazu)(?![\p{L}\p{N}_])/iu;
const OPENS_LIKE_A_FOLLOW_UP = /^\s*(?:and|or|but|so|what about|how about|why|und|oder|aber|was ist mit|warum|wieso)(?![\p{L}\p{N}_])/iu;
const SHORT_WORDS = 4;

/**
 * The question as it is searched for: one that leans on the conversation is given the last question's words too.
 * A rule, since asking the model would cost seconds before anything is seen.
 */
export function expandFollowUp(question: string, history: readonly Message[]): string {
  const before = history.findLast(({ role }) => role === "user");
  if (!before) return question;
  const words = question.split(/\s+/u).filter(Boolean).length;
  const leans = words <= SHORT_WORDS || POINTS_BACK.test(question) || OPENS_LIKE_A_FOLLOW_UP.test(question);
  return leans ? `${before.text} ${question}` : question;
}
