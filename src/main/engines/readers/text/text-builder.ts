import type { Block } from "../../inference/protocol.ts";
import { normaliseText } from "./normalise-text.ts";
import { problems } from "../problems.ts";

/** What a text is put together from: its pieces stand on lines of their own, with an empty line between blocks. */
export type TextBuilder = {
  /** Adds one block; returns where its text begins, or undefined when it was blank. `text` may hold line ends. */
  add(
    kind: Block["kind"],
    text: string,
    extra?: { level?: number; headerLength?: number; /** Follows the block before without an empty line. */ tight?: boolean },
  ): number | undefined;
  readonly length: number;
  readonly blocks: Block[];
  text(): string;
};

/** @throws FILE_TOO_LARGE from `add`, when the text exceeds `maxUnits` */
export function createTextBuilder(path: string, maxUnits: number): TextBuilder {
  const pieces: string[] = [];
  const blocks: Block[] = [];
  let length = 0;
  return {
    blocks,
    get length() {
      return length;
    },
    add(kind, raw, { level, headerLength, tight = false } = {}) {
      const text = trimBlank(normaliseText(raw));
      if (text === "") return undefined;
      const gap = length === 0 ? "" : tight ? "\n" : "\n\n";
      const start = length + gap.length;
      length = start + text.length;
      if (length > maxUnits) throw problems.tooLarge(path, "textUnits", maxUnits, length);
      pieces.push(gap, text);
      blocks.push({
        kind,
        start,
        end: length,
        ...(level === undefined ? {} : { level: Math.min(6, Math.max(1, level)) }),
        ...(headerLength === undefined ? {} : { headerEnd: start + Math.min(headerLength, text.length) }),
      });
      return start;
    },
    text: () => pieces.join(""),
  };
}

/** Empty lines at both ends and white space at the end go; the indent of the first line stays. */
function trimBlank(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}
