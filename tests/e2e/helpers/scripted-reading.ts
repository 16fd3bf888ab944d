import { os } from "../../../src/main/core/implementer.ts";
import type { DocumentLayout } from "../../../src/shared/contract/reading.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { drawPage } from "../../helpers/text-page.ts";
import { document, documentText, id, passages, textHash } from "./scripted-data.ts";

/** How the one document looks: text, unless a test wants pages in one of their states. */
export type ReaderScript = "text" | "page" | "loading" | "missing" | "changed" | "unreadable" | "deleted" | "no text" | "waiting";

const paper = { width: 595, height: 842 };
const pixels = { width: 1240, height: 1754 };
const scale = paper.width / pixels.width;

/** Each passage stands on a page of its own, the first and the last with all the text before and behind. */
const pages = passages.map(({ text }, index) => {
  const start = index === 0 ? 0 : (passages[index]?.chunk.start ?? 0);
  const end = passages[index + 1]?.chunk.start ?? documentText.length;
  const log = documentText
    .slice(0, 4000)
    .split("\n")
    .slice(index * 12, index * 12 + 12);
  const drawn = drawPage([`Log of the Kesslar light, sheet ${index + 1}`, "", ...log, "", text, "", ...log.toReversed()], {
    ...pixels,
    fontPixels: 28,
  });
  const words = drawn.words.filter(({ line }) => line === log.length + 3);
  let at = (passages[index]?.chunk.start ?? 0) - start;
  const starts = words.map((word) => {
    const found = documentText.indexOf(word.text, start + at) - start;
    at = found + word.text.length;
    return found;
  });
  return { start, end, drawn, words, starts };
});

/** The script of everything the reader asks for. */
export function scriptedReading(script: { reader?: ReaderScript }) {
  const gone = () => new AppError("NOT_FOUND", "The document was deleted.");
  const layout = (documentId: string): DocumentLayout => {
    const state = script.reader ?? "text";
    const isText = state === "text" || state === "deleted";
    return {
      documentId,
      title: document.title,
      type: isText ? "md" : "pdf",
      path: document.path,
      textHash,
      length: documentText.length,
      original: state === "missing" || state === "changed" ? state : "present",
      drawable: !isText,
      pending: state === "waiting",
      pages: isText
        ? []
        : pages.map(({ start, end }, index) => ({
            page: index + 1,
            start,
            end: state === "no text" ? start : end,
            ...paper,
            source: "text",
          })),
      warnings: [],
    };
  };
  const routes = {
    layout: os.reading.layout.handler(async ({ input, signal }) => {
      if (script.reader === "deleted") throw gone();
      if (script.reader === "loading") await new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(gone())));
      return layout(input.documentId);
    }),
    marks: os.reading.marks.handler(({ input }) =>
      layout(document.id).drawable && script.reader !== "no text"
        ? pages.flatMap(({ start, words, starts }, index) => {
            const marked = words.filter((word, n) => {
              const from = start + (starts[n] ?? 0);
              return from < input.end && from + word.text.length > input.start;
            });
            const [first, last] = [marked[0], marked.at(-1)];
            if (!first || !last) return [];
            return [{ page: index + 1, boxes: [[first.box[0] * scale, first.box[1] * scale, last.box[2] * scale, last.box[3] * scale]] }];
          })
        : [],
    ),
    words: os.reading.words.handler(({ input: { page } }) => {
      const found = pages[page - 1];
      if (!found || script.reader === "no text") return { page, start: 0, text: "", starts: [], ends: [], boxes: [] };
      return {
        page,
        start: found.start,
        text: documentText.slice(found.start, found.end),
        starts: found.starts,
        ends: found.starts.map((start, index) => start + (found.words[index]?.text.length ?? 0)),
        boxes: found.words.flatMap(({ box }) => box.map((edge) => edge * scale)),
      };
    }),
    chunks: os.reading.chunks.handler(({ input }) =>
      Array.from({ length: Math.ceil(documentText.length / 900) }, (_, index) => ({
        id: id(5000 + index),
        number: index + 1,
        start: index * 900,
        end: Math.min(documentText.length, index * 900 + 1000),
        tokens: 210 + (index % 7),
        heading: "History",
      })).filter(({ start, end }) => start < input.end && end > input.start),
    ),
    showInFolder: os.reading.showInFolder.handler(() => ({})),
  };
  async function serveBytes(request: Request): Promise<Response> {
    const page = Number(/pages\/(\d+)/.exec(request.url)?.[1]);
    if (script.reader === "unreadable")
      throw new AppError("FILE_DAMAGED", `Page ${page} cannot be drawn; its text is kept.`, { hint: "Read its text instead." });
    const found = pages[page - 1];
    if (!found) throw new AppError("NOT_FOUND", "There is nothing at this address.");
    return new Response(new Uint8Array(found.drawn.png), { headers: { "content-type": "image/png" } });
  }
  return { routes, serveBytes };
}
