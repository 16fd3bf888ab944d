import sharp from "sharp";
import { AppError, isAbort } from "../../../shared/errors.ts";
import type { CreateEngine } from "../engine.ts";
import { detectType, sniffBytes } from "../readers/detect.ts";
import type { Source } from "../readers/format.ts";
import { loadFile, loadStart } from "../readers/load-file.ts";
import { openPdf, type OpenPdf } from "../readers/pdf/library.ts";
import { problems } from "../readers/problems.ts";
import { drawPdfPage } from "./draw-pdf-page.ts";
import { drawPicture, pictureTypes } from "./draw-picture.ts";
import { createHeldDocuments } from "./held-documents.ts";
import type { DrawInput, DrawOutput, PagesConfig, PagesProtocol } from "./protocol.ts";

/** Somebody compares two documents; a third is opened in a moment. */
const heldDocuments = 2;

/** Draws pages for the screen. Meant for a process of its own: whatever a file does to it, no window and no reading is touched. */
export const createPages: CreateEngine<PagesConfig, PagesProtocol> = async () => {
  // One thread of its own beside the one that draws: a page is small.
  sharp.concurrency(1);
  const documents = createHeldDocuments<OpenPdf>(heldDocuments, ({ close }) => close());

  async function draw(input: DrawInput, signal: AbortSignal): Promise<DrawOutput> {
    const fileType = await detectType(await loadStart(input.path, sniffBytes), input.path);
    const load = async (): Promise<Source> => ({
      path: input.path,
      bytes: await loadFile(input.path, input.limits.bytes, signal),
      fileType,
      password: input.password,
      limits: input.limits,
      config: {},
    });
    if (pictureTypes.has(fileType.type)) return drawPicture(await load(), input);
    // A reader takes a file for a PDF that is named so, whatever became of its header.
    if (fileType.type !== "pdf" && !input.path.toLowerCase().endsWith(".pdf"))
      throw new AppError("NOT_SUPPORTED", `Pages of type ${fileType.type} cannot be drawn.`);
    return documents.use(
      `${input.revision}\n${input.path}`,
      async () => openPdf(await load()),
      ({ document }) => drawPdfPage(document, input, signal),
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
