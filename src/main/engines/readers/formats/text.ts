import { decodeText } from "../text/decode-text.ts";
import type { Format } from "../format.ts";
import { paragraphBlocks } from "../text/paragraphs.ts";
import { normaliseText } from "../text/normalise-text.ts";
import { problems } from "../problems.ts";

/** Plain text: kept whole; paragraphs are what empty lines part. */
export const text: Format = {
  types: ["txt"],
  async read({ path, bytes, fileType, limits }, { emit }) {
    const decoded = decodeText(bytes);
    const content = normaliseText(decoded.text);
    if (content.trim() === "") throw problems.empty(path);
    if (content.length > limits.textUnits) throw problems.tooLarge(path, "textUnits", limits.textUnits, content.length);
    emit({ kind: "head", head: { ...fileType, metadata: { encoding: decoded.encoding }, pages: 1 } });
    emit({ kind: "page", page: { page: 1, text: content, blocks: paragraphBlocks(content), needsOcr: false } });
    return { tables: [], attachments: [], warnings: encodingWarnings(decoded) };
  },
};

/** Says that an encoding was guessed, since then single characters may be wrong. */
export function encodingWarnings({ guessed, encoding }: { guessed: boolean; encoding: string }) {
  return guessed ? [{ code: "ENCODING_GUESSED", message: `The file does not say how it is encoded; it was read as ${encoding}.` }] : [];
}
