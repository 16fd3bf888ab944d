import { SpecialToken, SpecialTokensText } from "node-llama-cpp";
import type { ChatHistoryItem, ChatWrapper, LlamaModel, LlamaText, Token } from "node-llama-cpp";
import { emptyPrompt, promptTooLong } from "./errors.ts";
import type { PlainTokenizer } from "./plain-text.ts";
import type { ChatMessage } from "./protocol.ts";

/** No real text has this many characters a token; a longer one is refused without tokenizing it, which nothing can cancel. */
const maxCharactersPerToken = 64;

type Prompt = {
  /** Ends with the opening of the model's turn. */
  tokens: Token[];
  /** Tokens that end the answer besides the model's own, and texts that do. */
  stopTokens: ReadonlySet<Token>;
  stopTexts: string[];
};

export type PromptMaker = {
  /**
   * Messages in the model's own chat template, the model's turn opened.
   * `answers` holds earlier answers with the tokens the model wrote them in: its own spelling of a text often differs
   * from the tokenizer's, and only the very same tokens are found in the cache.
   */
  make(messages: readonly ChatMessage[], answers: ReadonlyMap<string, readonly Token[]>): Prompt;
};

export function promptMaker(model: LlamaModel, wrapper: ChatWrapper, plain: PlainTokenizer): PromptMaker {
  return {
    make(messages, answers) {
      const history = [...messages.map(toHistoryItem), { type: "model", response: [] } satisfies ChatHistoryItem];
      const { contextText, stopGenerationTriggers } = wrapper.generateContextState({ chatHistory: history });
      const stopTokens = new Set<Token>();
      const stopTexts: string[] = [];
      for (const trigger of stopGenerationTriggers) {
        const [only, more] = trigger.values;
        if (more !== undefined || only === undefined) continue;
        if (typeof only === "string") stopTexts.push(only);
        else {
          const tokens = only.tokenize(model.tokenizer);
          if (tokens.length === 1 && tokens[0] !== undefined) stopTokens.add(tokens[0]);
        }
      }
      return { tokens: toTokens(contextText, model, plain, answers), stopTokens, stopTexts };
    },
  };
}

/** @throws INVALID_INPUT for a prompt without a question, or one so long that counting its tokens is a waste */
export function checkMessages(messages: readonly ChatMessage[], contextTokens: number, needsQuestion: boolean): void {
  const last = messages.at(-1);
  if (last === undefined || (needsQuestion && (last.role !== "user" || last.text.trim() === ""))) throw emptyPrompt();
  const characters = messages.reduce((sum, message) => sum + message.text.length, 0);
  if (characters > contextTokens * maxCharactersPerToken) throw promptTooLong(Math.ceil(characters / maxCharactersPerToken), contextTokens);
}

function toHistoryItem({ role, text }: ChatMessage): ChatHistoryItem {
  return role === "assistant" ? { type: "model", response: [text] } : { type: role, text };
}

function toTokens(text: LlamaText, model: LlamaModel, plain: PlainTokenizer, answers: ReadonlyMap<string, readonly Token[]>): Token[] {
  const tokens: Token[] = [];
  let run = "";
  const endRun = () => {
    tokens.push(...(answers.get(run) ?? plain(run)));
    run = "";
  };
  for (const value of text.values) {
    if (typeof value === "string") {
      run += value;
      continue;
    }
    endRun();
    if (value instanceof SpecialToken) tokens.push(...value.tokenize(model.tokenizer));
    else if (value instanceof SpecialTokensText) tokens.push(...value.tokenize(model.tokenizer, tokens.length > 0));
  }
  endRun();
  return tokens;
}
