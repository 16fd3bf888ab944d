import type { ThreadsOf } from "../engine-host.ts";
import type { OcrProtocol } from "./protocol.ts";

/** A page is read by one single-threaded Tesseract worker at a time. */
export const ocrThreads: ThreadsOf<OcrProtocol> = { recognize: 1, languages: 0 };
