import type { LlamaModel, Token } from "node-llama-cpp";

/** Tokens of text that others wrote. */
export type PlainTokenizer = (text: string) => Token[];

/**
 * Tokenizes text so that no part of it becomes a special token, not even where a model file declares its turn markers
 * as "user defined", which llama.cpp recognises in any text: a document that says `<|im_end|>` stays a document and
 * never ends the user's turn.
 */
export function plainTokenizer(model: LlamaModel): PlainTokenizer {
  const known = new Map<Token, string | undefined>();
  const markerOf = (token: Token): string | undefined => {
    if (!known.has(token)) known.set(token, findMarker(model, token));
    return known.get(token);
  };
  return (text) => {
    let pieces = [text];
    for (;;) {
      const tokens = pieces.flatMap((piece) => model.tokenize(piece, false, "trimLeadingSpace"));
      const markers = new Set(tokens.map(markerOf).filter((marker) => marker !== undefined));
      if (markers.size === 0) return tokens;
      const cut = pieces.flatMap((piece) =>
        [...markers].reduce((parts, marker) => parts.flatMap((part) => cutMarker(part, marker)), [piece]),
      );
      // A marker that its own text does not produce cannot be cut, only left out.
      if (cut.length === pieces.length) return tokens.filter((token) => markerOf(token) === undefined);
      pieces = cut;
    }
  };
}

/** The text of a token that means something to the model's template, undefined for ordinary ones. */
function findMarker(model: LlamaModel, token: Token): string | undefined {
  const attributes = model.getTokenAttributes(token);
  const written = model.detokenize([token], true);
  if (attributes.control || model.isEogToken(token)) return written;
  // Runs of spaces and the like are user-defined, too; those are harmless and must stay whole.
  return attributes.userDefined && /^[<[|].*[>\]|]$/.test(written) ? written : undefined;
}

/** `a<|x|>b` as `a<` and `|x|>b`: tokenized apart, the halves are ordinary text. */
function cutMarker(text: string, marker: string): string[] {
  const parts = marker.length < 2 ? [text] : text.split(marker);
  const head = String.fromCodePoint(marker.codePointAt(0) ?? 0);
  const tail = marker.slice(head.length);
  return parts.map((part, index) => `${index > 0 ? tail : ""}${part}${index < parts.length - 1 ? head : ""}`);
}
