import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { oneLine } from "../text/normalise-text.ts";
import type { ExtractOutput, ReadOutput } from "../protocol.ts";

/** Files inside a document that are listed at most. */
const maxAttachments = 2000;

/** The files inside a document with their sizes, which only their content tells; a broken one has no bytes. */
export async function listAttachments(document: PDFDocumentProxy, checkpoint: () => Promise<void>): Promise<ReadOutput["attachments"]> {
  const listed: ReadOutput["attachments"] = [];
  for (const [id, name] of await namesById(document)) {
    await checkpoint();
    const content = await contentOf(document, id).catch(() => new Uint8Array());
    listed.push({ name, bytes: content.length });
  }
  return listed;
}

/** The content of one, by its place in the list. */
export async function extractAttachment(document: PDFDocumentProxy, index: number): Promise<ExtractOutput | undefined> {
  const found = (await namesById(document))[index];
  if (found === undefined) return undefined;
  const [id, name] = found;
  return { name, bytes: new Uint8Array(await contentOf(document, id)) };
}

async function namesById(document: PDFDocumentProxy): Promise<[id: string, name: string][]> {
  const found = await document.getAttachments().catch(() => null);
  return [...(found ?? [])].slice(0, maxAttachments).map(([id, { filename }]) => [id, plainName(filename)]);
}

async function contentOf(document: PDFDocumentProxy, id: string): Promise<Uint8Array> {
  const content: unknown = await document.getAttachmentContent(id);
  return content instanceof Uint8Array ? content : new Uint8Array();
}

/** A hostile file's name for another: its last part, on one line. */
function plainName(filename: unknown): string {
  const name =
    oneLine(typeof filename === "string" ? filename : "")
      .split(/[/\\]/)
      .at(-1) ?? "";
  return name.replace(/^\.+/, "_").slice(0, 150) || "attachment";
}
