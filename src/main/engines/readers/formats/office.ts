import type { OfficeContentNode, OfficeParserAST } from "officeparser";
import { isAbort } from "../../../../shared/errors.ts";
import type { Format, Source } from "../format.ts";
import { chartsOf } from "../office/chart-parts.ts";
import { oneLine } from "../text/normalise-text.ts";
import { addOffice } from "../office/office-text.ts";
import { addSlideDetails } from "../office/slide-details.ts";
import { problems } from "../problems.ts";
import { replaceZipPart } from "../office/replace-zip-part.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import { withEquationsAsText } from "../office/office-equations.ts";
import { zipParts } from "../office/zip-part.ts";

type OfficeType = "docx" | "pptx" | "xlsx" | "odt" | "odp" | "ods" | "rtf" | "epub";

/** Office documents and books. Slides and sheets are pages; the others are one. Nothing outside of the file is fetched. */
export const office: Format = {
  types: ["docx", "pptx", "xlsx", "odt", "odp", "ods", "rtf", "epub"] satisfies OfficeType[],
  async read(source, { emit, checkpoint, signal }) {
    const { path, limits } = source;
    const parsed = await parse(source, signal);
    await checkpoint();
    if (source.fileType.type === "pptx") addSlideDetails(parsed.content, source.bytes);
    if (source.fileType.type === "docx") addCharts(parsed, source.bytes);
    const parts = partsOf(parsed.content);
    if (parts.length > limits.pages) throw problems.tooLarge(path, "pages", limits.pages, parts.length);
    const { title, metadata } = describe(parsed);
    emit({ kind: "head", head: { ...source.fileType, ...(title ? { title } : {}), metadata, pages: parts.length } });
    let units = 0;
    const tables = [];
    for (const [index, nodes] of parts.entries()) {
      await checkpoint();
      const builder = createTextBuilder(path, limits.textUnits - units);
      tables.push(...addOffice(nodes, parsed.attachments, builder, index + 1));
      units += builder.length;
      emit({ kind: "page", page: { page: index + 1, text: builder.text(), blocks: builder.blocks, needsOcr: false } });
    }
    if (units === 0) throw problems.empty(path);
    return { tables, attachments: [], warnings: [] };
  },
};

async function parse(source: Source, signal: AbortSignal): Promise<OfficeParserAST> {
  const { path, fileType, password, limits, config } = source;
  const { OfficeParser } = await import("officeparser");
  const maxUncompressedBytes = Math.min(limits.memoryBytes / 4, Math.max(64e6, source.bytes.length * (config.maxUnpackRatio ?? 200)));
  const { type } = fileType;
  const bytes = type === "docx" || type === "pptx" ? withReadableEquations(source.bytes, type, maxUncompressedBytes) : source.bytes;
  try {
    return await OfficeParser.parseOffice(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      fileType: fileType.type as OfficeType,
      ocr: false,
      // Pictures would be kept in memory for nothing; only charts have their numbers beside them.
      extractAttachments: hasCharts(bytes),
      abortSignal: signal,
      ...(password === undefined ? {} : { password }),
      decompressionLimits: { maxUncompressedBytes },
    });
  } catch (error) {
    if (signal.aborted || isAbort(error)) throw signal.reason;
    throw parsingError(error, path);
  }
}

/** Parts that hold text, and so equations. */
const textParts = {
  docx: /^word\/(?:document|footnotes|endnotes)\.xml$/,
  pptx: /^ppt\/(?:slides\/slide|notesSlides\/notesSlide)\d{1,6}\.xml$/,
} as const;

/** The parser of the rest loses parts of equations, and runs several into one. A locked file is left to it. */
function withReadableEquations(bytes: Uint8Array, type: keyof typeof textParts, mostBytes: number): Uint8Array {
  const parts = zipParts(bytes);
  let made = bytes;
  for (const name of parts.names.filter((one) => textParts[type].test(one))) {
    const xml = parts.text(name, Math.floor(mostBytes));
    if (xml?.includes("<m:oMath")) made = replaceZipPart(made, name, withEquationsAsText(xml, type)) ?? made;
  }
  return made;
}

/** Charts of a Word file stand after its text. */
function addCharts(parsed: OfficeParserAST, bytes: Uint8Array): void {
  if (!hasCharts(bytes) || parsed.attachments.some(({ chartData }) => chartData)) return;
  for (const [index, chartData] of chartsOf(bytes).entries()) {
    const name = `chart-${index + 1}`;
    parsed.attachments.push({
      type: "chart",
      mimeType: "application/vnd.oasis.opendocument.chart",
      data: "",
      name,
      extension: "xml",
      chartData,
    });
    parsed.content.push({ type: "chart", metadata: { attachmentName: name } });
  }
}

/** Names of a zip's parts stand in it as they are. */
const hasCharts = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes("/charts/chart");

function parsingError(error: unknown, path: string): unknown {
  const issue: unknown = error instanceof Error && "officeIssue" in error ? error.officeIssue : undefined;
  const code = issue !== null && typeof issue === "object" && "code" in issue ? String(issue.code) : "";
  if (code === "PASSWORD_REQUIRED") return problems.encrypted(path);
  if (code === "PASSWORD_INCORRECT") return problems.passwordWrong(path);
  if (code === "DOCUMENT_DECRYPTION_FAILED") return problems.encryptionUnknown(path, error);
  if (/LIMIT_EXCEEDED|INVALID_SIZE|NESTING/.test(code)) return problems.hostile(path, "unpacked, it would be far larger than any document");
  return problems.damaged(path, "its parts cannot be read", error);
}

/** Slides and sheets each, everything else together. */
function partsOf(content: readonly OfficeContentNode[]): OfficeContentNode[][] {
  const isPage = ({ type }: OfficeContentNode) => type === "slide" || type === "sheet" || type === "page";
  if (!content.some(isPage)) return [[...content]];
  const parts: OfficeContentNode[][] = [];
  for (const node of content) {
    if (isPage(node) || parts.length === 0) parts.push([node]);
    else parts.at(-1)?.push(node);
  }
  return parts;
}

function describe({ metadata: found }: OfficeParserAST): { title: string; metadata: Record<string, unknown> } {
  const text = (value: unknown) => oneLine(typeof value === "string" ? value : "").slice(0, 1000);
  const metadata: Record<string, unknown> = {};
  for (const key of ["author", "subject", "description", "keywords", "language", "lastModifiedBy"] as const)
    if (text(found[key])) metadata[key] = text(found[key]);
  for (const [key, date] of [
    ["createdAt", found.created],
    ["modifiedAt", found.modified],
  ] as const) {
    if (date instanceof Date && !Number.isNaN(date.getTime())) metadata[key] = date.toISOString();
  }
  return { title: text(found.title), metadata };
}
