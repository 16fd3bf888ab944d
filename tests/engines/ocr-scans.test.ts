import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { OcrConfig, OcrProtocol } from "../../src/main/engines/ocr/protocol.ts";
import { ocrThreads } from "../../src/main/engines/ocr/threads.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { recordingLog } from "../helpers/engine-hosts.ts";
import { missingData, testData } from "../helpers/test-data.ts";
import { characterErrorRate } from "../helpers/text-distance.ts";

const folderOf = (code: string) =>
  join(dirname(fileURLToPath(import.meta.resolve(`@tesseract.js-data/${code}/package.json`))), "4.0.0_best_int");
const reason = missingData("ocr/tesseract/phototest.tif") ?? missingData("ocr/ocrmypdf/linn.png");

/** Real scans: a clean page with its true text, and a two-column page whose straight reading its variants are held to. */
describe.skipIf(reason)(`scans${reason ? ` (skipped: ${reason})` : ""}`, () => {
  let host: EngineHost<OcrProtocol>;
  beforeAll(() => {
    host = createEngineHost<OcrConfig, OcrProtocol>({
      name: "ocr",
      config: { languageFolders: { eng: folderOf("eng"), deu: folderOf("deu"), osd: folderOf("osd") }, workers: 1 },
      spawn: threadSpawner(entryUrl("ocr")),
      arbiter: createArbiter({ cores: 2 }),
      threads: ocrThreads,
      idleMs: 60_000,
      log: recordingLog().log,
      now: () => performance.now(),
    });
  });
  afterAll(() => host.close());

  async function read(image: Uint8Array, languages = ["eng"]) {
    const output = await host.call("recognize", { image, languages });
    return { ...output, text: output.words.map(({ text }) => text).join(" ") };
  }
  const turned = (path: string, degrees: number) =>
    sharp(testData(path)).greyscale().rotate(degrees, { background: "white" }).png().toBuffer();

  it.each([0, 90, 180, 270, 2, -3, 7])("phototest turned by %i degrees has less than 1 %% wrong characters", async (degrees) => {
    const truth = await readFile(testData("ocr/tesseract/phototest.txt"), "utf8");
    const { text, rotation } = await read(await turned("ocr/tesseract/phototest.tif", degrees));
    expect(rotation).toBe(degrees % 90 === 0 ? (360 - degrees) % 360 : 0);
    expect(characterErrorRate(text, truth)).toBeLessThan(0.01);
  });

  it("eurotext is read with English and German together", async () => {
    const truth = await readFile(testData("ocr/tesseract/eurotext.txt"), "utf8");
    const { text } = await read(await readFile(testData("ocr/tesseract/eurotext.tif")), ["eng", "deu"]);
    expect(characterErrorRate(text, truth)).toBeLessThan(0.08);
  });

  it("the two-column page reads the same straight, turned and askew", async () => {
    const path = "ocr/ocrmypdf/linn.png";
    const straight = await read(await readFile(testData(path)));
    expect(straight.confidence).toBeGreaterThan(0.85);
    // The text beside it was read by another OCR engine; across its columns two thirds would differ.
    expect(characterErrorRate(straight.text, await readFile(testData("ocr/ocrmypdf/linn.txt"), "utf8"))).toBeLessThan(0.03);
    const turnedRight = await read(await turned(path, 90));
    expect(turnedRight.rotation).toBe(270);
    expect(characterErrorRate(turnedRight.text, straight.text)).toBeLessThan(0.02);
    const askew = await read(await turned(path, -3));
    expect(characterErrorRate(askew.text, straight.text)).toBeLessThan(0.02);
  });

  it("a picture without a page of text does not fail", async () => {
    await expect(read(await readFile(testData("ocr/ocrmypdf/baiona_gray.png")))).resolves.toMatchObject({ width: 640, height: 682 });
  });
});
