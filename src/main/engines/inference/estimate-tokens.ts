/** Letters of a word for each token: vocabularies of 30,000 pieces split English words into pieces of about five, other languages' into shorter ones. */
const LETTERS_A_TOKEN = 4;
const WORD_OR_SIGN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+?(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\p{L}\p{M}\p{N}]|$)|\S/gu;

/** About so many tokens as an embedding model would count, where none is there to ask: rather too many than too few. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(WORD_OR_SIGN)) tokens += Math.ceil(piece.length / LETTERS_A_TOKEN);
  return tokens;
}
