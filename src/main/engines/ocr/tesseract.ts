import { createWorker, OEM, PSM } from "tesseract.js";
import { AppError } from "../../../shared/errors.ts";
import { parseTsv } from "./parse-tsv.ts";
import type { OcrWord } from "./protocol.ts";
import type { GreyImage } from "./skew.ts";

/** One Tesseract thread with its languages loaded. Terminating it is clean at any time: it is WebAssembly. */
export type Tesseract = {
  /** Words of the image turned clockwise by `radians` about its centre, in the pixels of the turned image. */
  recognize(image: GreyImage, radians: number): Promise<OcrWord[]>;
  /** Clockwise turn that makes the text upright, 0, 90, 180 or 270; undefined where there is too little text to tell. */
  orientation(image: GreyImage): Promise<{ degrees: number; confidence: number } | undefined>;
  terminate(): Promise<void>;
};

/** What Tesseract assumes where an image does not say its resolution; only affects size estimates. */
const dotsPerInch = "300";

/**
 * Starts a Tesseract worker from `<language>.traineddata.gz` files in `folder`. `osd` is the data for orientation and
 * needs the legacy core.
 * @throws MODEL_INVALID when the data cannot be loaded
 */
export async function openTesseract(languages: string[], folder: string): Promise<Tesseract> {
  const legacy = languages.includes("osd");
  // Without a handler tesseract.js throws outside of any promise, and a failed load would never settle.
  let fail: (error: AppError) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  const worker = await Promise.race([
    failed,
    createWorker(languages.join("+"), legacy ? OEM.TESSERACT_ONLY : OEM.LSTM_ONLY, {
      langPath: folder,
      gzip: true,
      cacheMethod: "none",
      legacyCore: legacy,
      legacyLang: legacy,
      errorHandler: (cause: unknown) => fail(invalidData(languages, cause)),
    }),
  ]);

  // Its progress notes would otherwise go to the terminal.
  await worker.setParameters({ debug_file: "/dev/null" });

  return {
    async recognize(image, radians) {
      const pixels = toPgm(image);
      const read = async (mode: PSM) => {
        const options = { rotateRadians: radians, user_defined_dpi: dotsPerInch, tessedit_pageseg_mode: mode };
        const { data } = await worker.recognize(pixels, options, { text: false, tsv: true });
        return parseTsv(data.tsv ?? "");
      };
      const words = await read(PSM.AUTO);
      // The search for columns takes a few lines on an otherwise empty page for a picture; that for scattered text does not.
      return words.length > 0 ? words : read(PSM.SPARSE_TEXT);
    },
    async orientation(image) {
      const { orientation_degrees: degrees, orientation_confidence: confidence } = (await worker.detect(toPgm(image))).data;
      return degrees === null || confidence === null ? undefined : { degrees, confidence };
    },
    async terminate() {
      await worker.terminate();
    },
  };
}

function invalidData(languages: string[], cause: unknown): AppError {
  return new AppError("MODEL_INVALID", `The data for recognising text (${languages.join(", ")}) could not be used.`, {
    hint: "Install the language again, or choose another one.",
    data: { languages },
    cause,
  });
}

/** The image as binary PGM (Netpbm): a line of header and the pixels, which spares Tesseract a decoder. */
function toPgm({ data, width, height }: GreyImage): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, "latin1"), data]);
}
