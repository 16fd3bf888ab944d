import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { isAbort } from "../../../../shared/errors.ts";
import type { Format } from "../format.ts";
import { oneLine } from "../text/normalise-text.ts";
import { extractAttachment, listAttachments } from "../pdf/attachments.ts";
import { pageContent } from "../pdf/interpret.ts";
import { openPdf } from "../pdf/library.ts";
import { fragmentsOf } from "../pdf/lines.ts";
import { needsOcr } from "../pdf/needs-ocr.ts";
import { bodySize, countSizes, pageBlocks } from "../pdf/page-blocks.ts";
import { pageText } from "../pdf/page-text.ts";
import { rasterPage } from "../pdf/raster.ts";
import { problems } from "../problems.ts";
import type { ReadOutput } from "../protocol.ts";
import { createTextBuilder } from "../text/text-builder.ts";

/** PDF: what its pages draw, in reading order. A page that cannot be read is empty and warned of; the others stay. */
export const pdf: Format = {
  types: ["pdf"],
  raster: rasterPage,
  async extract(source, { index, checkpoint }) {
    const { document, close } = await openPdf(source);
    try {
      await checkpoint();
      return await extractAttachment(document, index);
    } finally {
      await close();
    }
  },
  async read(source, { emit, checkpoint, signal }) {
    const { path, limits } = source;
    const { document, close, rescued } = await openPdf(source);
    const output: ReadOutput = { tables: [], attachments: [], warnings: [] };
    if (rescued)
      output.warnings.push({
        code: "PAGES_REBUILT",
        message: "The list of pages is lost; those that were found were read in the order of the file.",
      });
    try {
      const pages = document.numPages;
      if (pages > limits.pages) throw problems.tooLarge(path, "pages", limits.pages, pages);
      const { title, metadata } = await describe(document);
      emit({ kind: "head", head: { ...source.fileType, ...(title ? { title } : {}), metadata, pages } });
      const layers = await document.getOptionalContentConfig({ intent: "display" }).catch(() => undefined);
      const sizes = new Map<number, number>();
      const started = performance.now();
      let failed = 0;
      let units = 0;
      for (let number = 1; number <= pages; number += 1) {
        await checkpoint();
        if (performance.now() - started > limits.timeMs) throw problems.late(path, limits.timeMs);
        try {
          const page = await document.getPage(number);
          const content = await pageContent(page, (properties) => layers?.isVisible(properties) !== false, signal);
          const groups = fragmentsOf(content.glyphs);
          countSizes(groups, sizes);
          const builder = createTextBuilder(path, limits.textUnits - units);
          const { words, tables } = pageText(pageBlocks(groups, bodySize(sizes)), number, builder);
          units += builder.length;
          output.tables.push(...tables);
          if (content.glyphs.some((glyph) => glyph.hidden && !glyph.space))
            output.warnings.push({
              code: "HIDDEN_TEXT",
              message: "The page holds text that cannot be seen; it was left out.",
              page: number,
            });
          emit({
            kind: "page",
            page: {
              page: number,
              text: builder.text(),
              blocks: builder.blocks,
              width: content.width,
              height: content.height,
              words,
              needsOcr: needsOcr(content),
            },
          });
          page.cleanup();
        } catch (error) {
          if (isAbort(error) || signal.aborted || isRefusal(error)) throw error;
          failed += 1;
          output.warnings.push({ code: "PAGE_DAMAGED", message: "The page is damaged and could not be read.", page: number });
          emit({ kind: "page", page: { page: number, text: "", blocks: [], needsOcr: false } });
        }
      }
      if (failed === pages) throw problems.damaged(path, "none of its pages can be read");
      output.attachments.push(...(await listAttachments(document, checkpoint)));
      return output;
    } finally {
      await close();
    }
  },
};

const isRefusal = (error: unknown) => error instanceof Error && "code" in error && /^(?:FILE_|TIMEOUT)/.test(String(error.code));

async function describe(document: PDFDocumentProxy): Promise<{ title: string; metadata: Record<string, unknown> }> {
  const found = await document.getMetadata().catch(() => undefined);
  const info: Record<string, unknown> = { ...found?.info };
  const text = (name: string) =>
    oneLine(typeof info[name] === "string" ? info[name] : "")
      .replace(/^\((?:anonymous|unspecified)\)$|^untitled$/i, "")
      .slice(0, 1000);
  const metadata: Record<string, unknown> = {};
  for (const [key, name] of [
    ["author", "Author"],
    ["subject", "Subject"],
    ["keywords", "Keywords"],
    ["creator", "Creator"],
    ["producer", "Producer"],
    ["version", "PDFFormatVersion"],
  ] as const) {
    if (text(name)) metadata[key] = text(name);
  }
  for (const [key, name] of [
    ["createdAt", "CreationDate"],
    ["modifiedAt", "ModDate"],
  ] as const) {
    const date = isoDate(text(name));
    if (date !== undefined) metadata[key] = date;
  }
  if (typeof info["EncryptFilterName"] === "string") metadata["encrypted"] = true;
  return { title: text("Title"), metadata };
}

/** `D:20220403180542+02'00'` (ISO 32000-1, 7.9.4) as ISO 8601. */
function isoDate(value: string): string | undefined {
  const match = /^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([+-])(\d\d)'?(\d\d)?'?|Z)?/.exec(value);
  if (!match) return undefined;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", sign, offsetHour, offsetMinute = "00"] = match;
  const zone = sign === undefined ? (value.includes("Z") ? "Z" : "") : `${sign}${offsetHour}:${offsetMinute}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`;
}
