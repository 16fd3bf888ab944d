import { AppError, isAbort } from "../../../shared/errors.ts";
import type { CreateEngine } from "../engine.ts";
import { detectType, sniffBytes } from "../readers/detect.ts";
import type { Source } from "../readers/format.ts";
import { loadFile, loadStart } from "../readers/load-file.ts";
import { problems } from "../readers/problems.ts";
import { drawPdfPage } from "./draw-pdf-page.ts";
import { createHeldDocuments } from "./held-documents.ts";
import { openPdfFile, type PdfFile } from "./open-pdf-file.ts";
import type { DrawInput, DrawOutput, PagesConfig, PagesProtocol } from "./protocol.ts";

/** Somebody compares two documents; a third is opened in a moment. */
const heldDocuments = 2;

/** Pictures that the readers read, TIFF among them, which no browser shows. */
const pictureTypes: ReadonlySet<string> = new Set(["png", "jpg", "tiff", "webp", "gif"]);

/** Draws pages for the screen. Meant for a process of its own: whatever a file does to it, no window and no reading is touched. */
export const createPages: CreateEngine<PagesConfig, PagesProtocol> = async () => {
  const documents = createHeldDocuments<PdfFile>(heldDocuments, ({ close }) => close());

  async function draw(input: DrawInput, signal: AbortSignal): Promise<DrawOutput> {
    const fileType = await detectType(await loadStart(input.path, sniffBytes), input.path);
    const { path, revision, password, limits, temporary: whole = false } = input;
    const source = { path, fileType, password, limits, config: {} } satisfies Omit<Source, "bytes">;
    if (pictureTypes.has(fileType.type)) {
      // Loaded for pictures only: it takes longer to load than a page of a PDF to draw.
      const { drawPicture } = await import("./draw-picture.ts");
      return drawPicture({ ...source, bytes: await loadFile(path, limits.bytes, signal) }, input);
    }
    // A reader takes a file for a PDF that is named so, whatever became of its header.
    if (fileType.type !== "pdf" && !path.toLowerCase().endsWith(".pdf"))
      throw new AppError("NOT_SUPPORTED", `Pages of type ${fileType.type} cannot be drawn.`);
    return documents.use(
      whole ? revision : `${revision}\n${path}`,
      // Not by the signal of this page alone: others may wait for the same document.
      (opening) => openPdfFile(source, { whole, signal: opening }),
      ({ document, lost }) => Promise.race([drawPdfPage(document, input, signal), lost]),
      signal,
    );
  }

  return {
    methods: {
      async draw(input, { signal, emit }) {
        emit({ kind: "clock", running: true });
        try {
          return await draw(input, signal);
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof AppError || isAbort(error)) throw error;
          throw problems.damaged(input.path, "the page cannot be drawn", error);
        }
      },
    },
    dispose: () => documents.closeAll(),
  };
};
