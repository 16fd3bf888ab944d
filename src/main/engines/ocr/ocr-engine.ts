import type { CallContext, CreateEngine } from "../engine.ts";
import { createLanguageData } from "./language-data.ts";
import { normaliseImage, shrinkImage, turnImage } from "./normalise-image.ts";
import { meanConfidence, parseTsv } from "./parse-tsv.ts";
import { placeBack } from "./place-back.ts";
import type { OcrConfig, OcrProtocol, OcrWord } from "./protocol.ts";
import { openTesseract } from "./tesseract.ts";
import type { Tesseract } from "./tesseract.ts";
import { createWorkerPool } from "./worker-pool.ts";

/** Enough to tell which way up text stands, in a twentieth of the time that reading a page takes. */
const orientationSide = 1_400;
/** Orientation found with less than this is tried out instead. Clear pages have 10 and more. */
const sureOrientation = 3;
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

    const read = (png: Buffer): Promise<Page> =>
      readers.use(
        languages.join("+"),
        () => openTesseract(languages, folder),
        signal,
        async (worker) => {
          const { tsv, radians } = await worker.recognize(png);
          const words = parseTsv(tsv);
          return { words, radians, confidence: meanConfidence(words) };
        },
      );

    const found = await orientation(normal.png, signal);
    let degrees = found ?? 0;
    let page = await read(await turnImage(normal.png, degrees));
    if (found === undefined && page.words.length > 0 && page.confidence < readableConfidence) {
      const better = await tryOtherWays(normal.png, page.confidence, read, checkpoint);
      if (better !== 0) {
        degrees = better;
        page = await read(await turnImage(normal.png, degrees));
      }
    }

    const sideways = degrees % 180 !== 0;
    const size = sideways ? { width: normal.height, height: normal.width } : { width: normal.width, height: normal.height };
    const turned = { given: normal.given, scale: normal.scale, degrees, radians: page.radians, read: size };
    return {
      words: page.words.map((word) => ({ ...word, box: placeBack(word.box, turned) })),
      confidence: page.confidence,
      ...normal.given,
      rotation: degrees,
    };
  }

  /** The clockwise turn that the orientation data is sure of; undefined when it is not, or is not installed. */
  async function orientation(png: Buffer, signal: AbortSignal): Promise<number | undefined> {
    if (!data.hasOrientation) return undefined;
    const folder = await data.folderFor(["osd"]);
    const small = await shrinkImage(png, orientationSide);
    const found = await compasses.use(
      "osd",
      () => openTesseract(["osd"], folder),
      signal,
      (worker) => worker.orientation(small),
    );
    return found && found.confidence >= sureOrientation ? found.degrees : undefined;
  }

  /** Reads a small copy in the three other directions; the one that reads clearly better than upright, or 0. */
  async function tryOtherWays(
    png: Buffer,
    upright: number,
    read: (png: Buffer) => Promise<Page>,
    checkpoint: () => Promise<void>,
  ): Promise<number> {
    const small = await shrinkImage(png, orientationSide);
    let best = { degrees: 0, confidence: upright };
    for (const degrees of [180, 90, 270]) {
      await checkpoint();
      const { confidence } = await read(await turnImage(small, degrees));
      if (confidence > best.confidence) best = { degrees, confidence };
      if (confidence >= readableConfidence) break;
    }
    return best.confidence >= readableConfidence ? best.degrees : 0;
  }

  return {
    methods: {
      recognize: ({ image, languages }, context) => recognize(image, [...new Set(languages)], context),
      languages: async () => data.languages,
    },
    async dispose() {
      await Promise.all([readers.close(), compasses.close()]);
      await data.dispose();
    },
  };
};
