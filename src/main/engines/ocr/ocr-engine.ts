import type { CallContext, CreateEngine } from "../engine.ts";
import { cropImage } from "./crop-image.ts";
import { createLanguageData } from "./language-data.ts";
import { normaliseImage, shrinkImage, turnImage } from "./normalise-image.ts";
import { meanConfidence, runsSideways } from "./parse-tsv.ts";
import { placeBack } from "./place-back.ts";
import type { OcrConfig, OcrProtocol, OcrWord } from "./protocol.ts";
import { estimateSkew } from "./skew.ts";
import type { GreyImage } from "./skew.ts";
import { openTesseract } from "./tesseract.ts";
import type { Tesseract } from "./tesseract.ts";
import { createWorkerPool } from "./worker-pool.ts";

/** Enough to tell which way up text stands, in a twentieth of the time that reading a page takes. */
const orientationSide = 1_400;
/** Orientation found with less than this is tried out instead. Clear pages have 10 and more. */
const sureOrientation = 3;
/** Enough to measure a slope to a tenth of a degree, in 40 ms. */
const skewSide = 800;
/** Tesseract reads lines that slope by 0.3 degrees as well as level ones. */
const smallSkew = 0.005;
/** Text read upright has a mean confidence above 0.8 even when it is poor; sideways or upside down it is below 0.45. */
const readableConfidence = 0.6;

/** Text recognition by Tesseract, as many pages at a time as there are workers. */
export const createOcrEngine: CreateEngine<OcrConfig, OcrProtocol> = async ({ languageFolders, workers }) => {
  const data = createLanguageData(languageFolders);
  const readers = createWorkerPool<Tesseract>({ capacity: workers });
  const compasses = createWorkerPool<Tesseract>({ capacity: 1 });

  type Page = { words: OcrWord[]; radians: number; confidence: number };

  async function recognize(image: Uint8Array, languages: string[], { signal, checkpoint }: CallContext) {
    const folder = await data.folderFor(languages);
    const normal = await normaliseImage(image);
    await checkpoint();

    const read = async (grey: GreyImage): Promise<Page> => {
      const skew = estimateSkew(await shrinkImage(grey, skewSide));
      const radians = Math.abs(skew) < smallSkew ? 0 : -skew;
      const open = () => openTesseract(languages, folder);
      const words = await readers.use(languages.join("+"), open, signal, (worker) => worker.recognize(grey, radians));
      return { words, radians, confidence: meanConfidence(words) };
    };

    let turn = 0;
    let page = await read(normal.grey);
    // Most pages lie right, so looking for the orientation of each would cost more than reading a few twice.
    if (page.words.length > 0 && page.confidence < readableConfidence) {
      await checkpoint();
      const otherTurn = (await orientation(normal.grey, signal)) ?? (runsSideways(page.words) ? 90 : 180);
      const other = otherTurn === 0 ? page : await read(await turnImage(normal.grey, otherTurn));
      if (other.confidence > page.confidence) [turn, page] = [otherTurn, other];
    }
    // Tesseract reads lines that run upwards as they are, so the page was not turned but should be.
    const rotation = runsSideways(page.words) ? (turn + 270) % 360 : turn;

    const sideways = turn % 180 !== 0;
    const { width, height } = normal.grey;
    const size = sideways ? { width: height, height: width } : { width, height };
    const turned = { given: normal.given, scale: normal.scale, degrees: turn, radians: page.radians, read: size };
    return {
      words: page.words.map((word) => ({ ...word, box: placeBack(word.box, turned) })),
      confidence: page.confidence,
      ...normal.given,
      rotation,
    };
  }

  /** The clockwise turn that the orientation data is sure of; undefined when it is not, or is not installed. */
  async function orientation(grey: GreyImage, signal: AbortSignal): Promise<number | undefined> {
    if (!data.hasOrientation) return undefined;
    const folder = await data.folderFor(["osd"]);
    const small = await shrinkImage(grey, orientationSide);
    const found = await compasses.use(
      "osd",
      () => openTesseract(["osd"], folder),
      signal,
      (worker) => worker.orientation(small),
    );
    return found && found.confidence >= sureOrientation ? found.degrees : undefined;
  }

  return {
    methods: {
      recognize: async ({ image, languages, crop }, context) =>
        recognize(crop ? await cropImage(image, crop) : image, [...new Set(languages)], context),
      languages: async () => data.languages,
    },
    async dispose() {
      await Promise.all([readers.close(), compasses.close()]);
      await data.dispose();
    },
  };
};
