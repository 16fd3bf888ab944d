import type { EndOf } from "./value.ts";

/**
 * Ends a choice among texts as soon as only one can still be meant: what is certain is not sampled. `chosen` is that
 * one, or the choice that was written out when a longer one begins with it.
 */
export function choiceEnd(choices: readonly string[], following: string): EndOf & { chosen(): string | undefined } {
  let text = "";
  const fitting = () => choices.filter((choice) => choice.startsWith(text) || isFollowed(choice));
  const isFollowed = (choice: string) => {
    const beyond = text.slice(choice.length);
    return text.startsWith(choice) && beyond !== "" && (following.startsWith(beyond) || beyond.startsWith(following));
  };
  const chosen = () => {
    const left = fitting();
    return left.length === 1 ? left[0] : left.find((choice) => choice === text);
  };
  return {
    chosen,
    push(piece) {
      text += piece;
      const left = fitting();
      return left.length === 1 ? Math.min(text.length, left[0]?.length ?? 0) : undefined;
    },
  };
}
