import { AppError } from "../../../shared/errors.ts";
import type { CreateEngine, EngineHost } from "../engine.ts";
import type { OcrProtocol, OcrWord } from "../ocr/protocol.ts";
import { fakeHost } from "./fake-host.ts";
import type { FakeHostOptions } from "./fake-host.ts";

export type FakeOcrOptions = FakeHostOptions & {
  /** What stands on an image; by default its bytes read as UTF-8. */
  read?: (image: Uint8Array) => string;
  /** Default `eng` and `deu`. */
  languages?: string[];
};

const unitWidth = 10;
const lineHeight = 20;

/** OCR without Tesseract: every character is 10 pixels wide and every line 20 high; an empty line begins a block. */
export function createFakeOcr({ read = decode, languages = ["eng", "deu"], ...options }: FakeOcrOptions = {}): EngineHost<OcrProtocol> {
  const create: CreateEngine<Record<string, never>, OcrProtocol> = async () => ({
    methods: {
      async recognize({ image, languages: wanted }, { checkpoint }) {
        const missing = wanted.filter((language) => !languages.includes(language));
        if (missing.length > 0)
          throw new AppError("MODEL_MISSING", `No text recognition for ${missing.join(", ")}.`, { hint: "Choose another language." });
        await checkpoint();
        const lines = read(image).split("\n");
        const words = layOut(lines);
        const width = Math.max(0, ...lines.map((line) => line.length)) * unitWidth;
        return { words, confidence: words.length > 0 ? 1 : 0, width, height: lines.length * lineHeight, rotation: 0 };
      },
      languages: async () => [...languages],
    },
    dispose: async () => {},
  });
  return fakeHost("ocr", create, options);
}

const decode = (image: Uint8Array) => new TextDecoder().decode(image);

function layOut(lines: string[]): OcrWord[] {
  let block = 0;
  return lines.flatMap((text, line) => {
    if (text.trim() === "") block += 1;
    return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
      text: word,
      box: [index * unitWidth, line * lineHeight, (index + word.length) * unitWidth, (line + 1) * lineHeight] satisfies OcrWord["box"],
      confidence: 1,
      line,
      block,
    }));
  });
}
