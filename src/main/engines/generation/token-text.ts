import type { LlamaModel, Token } from "node-llama-cpp";

/** A character takes at most four bytes, thus at most four byte tokens; what is still broken then stays so. */
const maxHeldTokens = 4;

export type TokenText = {
  /** Text that became whole with this token; empty while a character is incomplete. */
  push(token: Token): string;
  /** For every token: length of the text in UTF-16 units once its last character was whole; Infinity until then. */
  readonly ends: readonly number[];
};

/**
 * Turns tokens into text one by one, never cutting a character that lies across several tokens. One that is not
 * whole when the answer ends is not part of its text.
 */
export function tokenText(model: LlamaModel, before: readonly Token[]): TokenText {
  const recent = before.slice(-4);
  const ends: number[] = [];
  let held: Token[] = [];
  let length = 0;

  function release(text: string): string {
    length += text.length;
    ends.fill(length, ends.length - held.length);
    recent.push(...held);
    if (recent.length > 8) recent.splice(0, recent.length - 8);
    held = [];
    return text;
  }

  return {
    ends,
    push(token) {
      held.push(token);
      ends.push(Infinity);
      const text = model.detokenize(held, false, recent);
      const whole = !text.endsWith("\uFFFD") || held.length >= maxHeldTokens;
      return whole ? release(text) : "";
    },
  };
}
