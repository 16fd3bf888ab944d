import { isAbort } from "../../../../shared/errors.ts";
import { tokens } from "../../../text/analyse.ts";
import { type Language, loadLanguage } from "../../../text/languages.ts";
import { expandFollowUp } from "./follow-up.ts";
import { rewritePrompt } from "./rewrite-prompt.ts";
import type { Turn } from "../turn.ts";
import { contentTokens, share } from "../check/words.ts";
import { writeAside } from "../write-aside.ts";

const MOST_TOKENS = 64;
const LONGEST = 400;
/** Share of a rewritten question's words that were said in the conversation: a model must ask nothing of its own. */
const FROM_CONVERSATION = 0.8;
/** Share of the question's own words that are still there: it must ask the same. */
const KEPT = 0.5;

/**
 * The question as it is searched for and put to the model: one that leans on the conversation is made to stand alone.
 * By a rule; with effort `thorough`, where seconds do not count, the model words it, and the rule stands in where
 * what it wrote asks something else.
 */
export async function standaloneQuestion(turn: Turn): Promise<string> {
  const { question } = turn.request;
  const byRule = expandFollowUp(question, turn.history);
  if (turn.effort !== "thorough" || byRule === question) return byRule;
  try {
    const model = await turn.deps.chatModel(turn.model);
    const written = await writeAside(turn, model, rewritePrompt(question, turn.history), MOST_TOKENS);
    const rewritten = firstLine(written);
    return asksTheSame(rewritten, question, byRule, turn, await loadLanguage("en")) ? rewritten : byRule;
  } catch (error) {
    if (isAbort(error) || turn.signal.aborted) throw error;
    // Whether the model can answer at all shows when it is to answer.
    return byRule;
  }
}

const firstLine = (text: string): string =>
  (text.trim().split("\n")[0] ?? "")
    .replace(/^(?:question|standalone question)\s*:\s*/iu, "")
    .replaceAll(/^["“]|["”]$/gu, "")
    .trim();

function asksTheSame(rewritten: string, question: string, byRule: string, { history }: Turn, language: Language): boolean {
  if (rewritten === "" || rewritten.length > LONGEST) return false;
  const said = new Set(tokens([byRule, ...history.map(({ text }) => text)].join(" "), language));
  const words = contentTokens(rewritten, language);
  const own = contentTokens(question, language);
  const names = [...words].some((word) => !own.has(word));
  return names && share(words, said) >= FROM_CONVERSATION && (own.size === 0 || share(own, words) >= KEPT);
}
