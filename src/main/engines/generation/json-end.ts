/**
 * Finds where a JSON value that arrives in pieces ends, so that nothing is sampled after it. `push` returns the length
 * of the value, counted from the first piece, as soon as it is known; numbers end only with what follows them.
 */
export function jsonEnd(): { push(piece: string): number | undefined } {
  let read = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let word = "";

  function step(character: string): number | undefined {
    if (inString) {
      if (escaped) escaped = false;
      else if (character === "\\") escaped = true;
      else if (character === '"') inString = false;
      return !inString && depth === 0 ? read + 1 : undefined;
    }
    if (depth === 0 && word !== "" && !/[\w.+-]/.test(character)) return read;
    if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      return depth === 0 ? read + 1 : undefined;
    } else if (depth === 0 && /[\w.+-]/.test(character)) {
      word += character;
      if (word === "true" || word === "false" || word === "null") return read + 1;
    }
    return undefined;
  }

  return {
    push(piece) {
      for (let index = 0; index < piece.length; index++, read++) {
        const end = step(piece.charAt(index));
        if (end !== undefined) return end;
      }
      return undefined;
    },
  };
}
