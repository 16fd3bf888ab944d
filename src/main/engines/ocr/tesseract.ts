import { createWorker, OEM } from "tesseract.js";
import { AppError } from "../../../shared/errors.ts";

/** One Tesseract thread with its languages loaded. Terminating it is clean at any time: it is WebAssembly. */
export type Tesseract = {
  /** Words as TSV, and the angle in radians, clockwise, by which the image was turned to make its lines level. */
  recognize(image: Buffer): Promise<{ tsv: string; radians: number }>;
  /** Clockwise turn that makes the text upright, 0, 90, 180 or 270; undefined where there is too little text to tell. */
  orientation(image: Buffer): Promise<{ degrees: number; confidence: number } | undefined>;
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
    async recognize(image) {
      const options = { rotateAuto: true, user_defined_dpi: dotsPerInch };
      const { data } = await worker.recognize(image, options, { text: false, tsv: true });
      return { tsv: data.tsv ?? "", radians: data.rotateRadians ?? 0 };
    },
    async orientation(image) {
      const { orientation_degrees: degrees, orientation_confidence: confidence } = (await worker.detect(image)).data;
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
