import type { ReadHead, ReadLimits, ReadOutput, ReadPage } from "../../src/main/engines/readers/protocol.ts";
import { createReaders } from "../../src/main/engines/readers/readers.ts";

export const limits: ReadLimits = { bytes: 50e6, pages: 100, pixels: 10e6, timeMs: 60_000, memoryBytes: 1e9, textUnits: 1e6 };

export type ReadAll = ReadOutput & { head: ReadHead; pages: ReadPage[]; text: string };

/** Reads a file in this process. */
export async function readAll(
  path: string,
  options: { password?: string; limits?: Partial<ReadLimits>; signal?: AbortSignal } = {},
): Promise<ReadAll> {
  const engine = await createReaders({});
  const signal = options.signal ?? new AbortController().signal;
  const pages: ReadPage[] = [];
  let head: ReadHead | undefined;
  const output = await engine.methods.read(
    { path, limits: { ...limits, ...options.limits }, ...(options.password === undefined ? {} : { password: options.password }) },
    {
      signal,
      checkpoint: async () => signal.throwIfAborted(),
      emit(item) {
        if (item.kind === "head") ({ head } = item);
        if (item.kind === "page") pages.push(item.page);
      },
    },
  );
  if (!head) throw new Error("no head was emitted");
  return { ...output, head, pages, text: pages.map((page) => page.text).join("\n\n") };
}

/** The blocks of a page as `kind: text`. */
export const blocksOf = ({ text, blocks }: Pick<ReadPage, "text" | "blocks">) =>
  blocks.map(({ kind, level, start, end }) => `${kind}${level ?? ""}: ${text.slice(start, end)}`);

/** Each word of a page with its box. */
export function wordsOf({ text, words }: ReadPage): { text: string; box: number[] }[] {
  return words
    ? Array.from(words.starts, (start, index) => ({
        text: text.slice(start, words.ends[index]),
        box: Array.from(words.boxes.subarray(index * 4, index * 4 + 4)),
      }))
    : [];
}
