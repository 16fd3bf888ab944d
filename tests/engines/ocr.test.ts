import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync, gunzipSync, gzipSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createArbiter } from "../../src/main/engines/arbiter.ts";
import { createEngineHost } from "../../src/main/engines/engine-host.ts";
import type { EngineHost } from "../../src/main/engines/engine.ts";
import { entryUrl } from "../../src/main/engines/entries.ts";
import type { OcrConfig, OcrProtocol, RecognizeOutput } from "../../src/main/engines/ocr/protocol.ts";
import { ocrThreads } from "../../src/main/engines/ocr/threads.ts";
import { threadSpawner } from "../../src/main/engines/spawn-thread.ts";
import { codeOf, recordingLog, untilState } from "../helpers/engine-hosts.ts";
import { drawPage, turnBox } from "../helpers/text-page.ts";
import type { TruePage } from "../helpers/text-page.ts";

const folderOf = (code: string) =>
  join(dirname(fileURLToPath(import.meta.resolve(`@tesseract.js-data/${code}/package.json`))), "4.0.0_best_int");
const languages = { eng: folderOf("eng"), deu: folderOf("deu") };
const withOrientation = { ...languages, osd: folderOf("osd") };

function openHost(config: Partial<OcrConfig> = {}): EngineHost<OcrProtocol> {
  return createEngineHost<OcrConfig, OcrProtocol>({
    name: "ocr",
    config: { languageFolders: withOrientation, workers: 1, ...config },
    spawn: threadSpawner(entryUrl("ocr")),
    arbiter: createArbiter({ cores: 2 }),
    threads: ocrThreads,
    idleMs: 60_000,
    log: recordingLog().log,
    now: () => performance.now(),
  });
}

const page = drawPage([
  "The quick brown fox jumps over",
  "the lazy dog near the river bank",
  "while seven wizards make toxic",
  "brew for the evil queen and jack",
]);
const textOf = ({ words }: RecognizeOutput) => words.map(({ text }) => text).join(" ");

/** Words found where they really stand: the centre of each true box lies in a recognised box of the same text. */
function inPlace(output: RecognizeOutput, truth: TruePage["words"]): number {
  const found = truth.filter(({ text, box }) => {
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    return output.words.some((word) => word.text === text && word.box[0] <= x && x <= word.box[2] && word.box[1] <= y && y <= word.box[3]);
  });
  return found.length / truth.length;
}

let host: EngineHost<OcrProtocol>;
beforeAll(() => {
  host = openHost();
});
afterAll(() => host.close());

const recognize = (image: Uint8Array, codes = ["eng"], on = host) => on.call("recognize", { image, languages: codes });

describe("a page", () => {
  it("is read with words, lines, boxes and confidence in the pixels of the image given", async () => {
    const output = await recognize(page.png);
    expect(textOf(output)).toBe(page.lines.join(" "));
    expect(output.words.map(({ line }) => line)).toEqual(page.words.map(({ line }) => line));
    expect(inPlace(output, page.words)).toBe(1);
    for (const [index, { box }] of output.words.entries()) {
      const truth = page.words[index]?.box ?? [0, 0, 0, 0];
      expect(Math.abs(box[0] - truth[0])).toBeLessThan(10);
      expect(Math.abs(box[2] - truth[2])).toBeLessThan(10);
    }
    expect(output).toMatchObject({ width: 1_200, height: 900, rotation: 0 });
    expect(output.confidence).toBeGreaterThan(0.8);
    expect(output.confidence).toBeLessThanOrEqual(1);
  });

  it("of low resolution is enlarged, and its boxes are not", async () => {
    const small = await sharp(page.png).resize({ width: 480 }).png().toBuffer();
    const output = await recognize(small);
    expect(textOf(output)).toBe(page.lines.join(" "));
    const scaled = page.words.map((word) => ({ ...word, box: word.box.map((value) => value * 0.4) as typeof word.box }));
    expect(inPlace(output, scaled)).toBe(1);
    expect(output).toMatchObject({ width: 480, height: 360 });
  });

  it.each([-5, 4, 8])("scanned askew by %i degrees is levelled, and its boxes stand where the words stand", async (degrees) => {
    const skewed = await sharp(page.png).rotate(degrees, { background: "white" }).png().toBuffer({ resolveWithObject: true });
    const output = await recognize(skewed.data);
    expect(textOf(output)).toBe(page.lines.join(" "));
    const angle = (degrees * Math.PI) / 180;
    const truth = page.words.map((word) => {
      const x = (word.box[0] + word.box[2] - page.width) / 2;
      const y = (word.box[1] + word.box[3] - page.height) / 2;
      const turnedX = x * Math.cos(angle) - y * Math.sin(angle) + skewed.info.width / 2;
      const turnedY = x * Math.sin(angle) + y * Math.cos(angle) + skewed.info.height / 2;
      return { ...word, box: [turnedX, turnedY, turnedX, turnedY] satisfies typeof word.box };
    });
    expect(inPlace(output, truth)).toBe(1);
  });

  it("with an EXIF orientation is read as a viewer shows it", async () => {
    const exif = await sharp(page.png).rotate(270).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const output = await recognize(exif);
    expect(textOf(output)).toBe(page.lines.join(" "));
    expect(output).toMatchObject({ width: 1_200, height: 900, rotation: 0 });
    expect(inPlace(output, page.words)).toBe(1);
  });

  it("with a transparent background is read (transparent black would be a black page)", async () => {
    const transparent = await sharp(page.png).unflatten().png().toBuffer();
    expect(textOf(await recognize(transparent))).toBe(page.lines.join(" "));
  });

  it("without text has no words", async () => {
    const blank = await sharp({ create: { width: 600, height: 400, channels: 3, background: "white" } })
      .png()
      .toBuffer();
    expect(await recognize(blank)).toEqual({ words: [], confidence: 0, width: 600, height: 400, rotation: 0 });
  });
});

describe.each([
  ["with orientation data", withOrientation],
  ["by trial, without orientation data", languages],
])("a turned page, %s", (_, languageFolders) => {
  let turning: EngineHost<OcrProtocol>;
  beforeAll(() => {
    turning = openHost({ languageFolders });
  });
  afterAll(() => turning.close());

  it.each([90, 180, 270])("by %i degrees is turned back, and its boxes stand in the image given", async (degrees) => {
    const output = await recognize(await sharp(page.png).rotate(degrees).png().toBuffer(), ["eng"], turning);
    expect(output.rotation).toBe(360 - degrees);
    expect(textOf(output)).toBe(page.lines.join(" "));
    expect(
      inPlace(
        output,
        page.words.map((word) => ({ ...word, box: turnBox(word.box, degrees, page) })),
      ),
    ).toBe(1);
    expect([output.width, output.height]).toEqual(degrees === 180 ? [1_200, 900] : [900, 1_200]);
  });
});

describe("languages", () => {
  it("are listed without data that is no language", async () => {
    expect(await host.call("languages", {})).toEqual(["eng", "deu"]);
  });

  it("from different folders are read together", async () => {
    const german = drawPage(["Die Größe der Straße überrascht", "the lazy dog near the river bank"]);
    expect(textOf(await recognize(german.png, ["deu", "eng"]))).toBe(german.lines.join(" "));
  });

  it.each([["fra"], ["../../../etc/passwd"], ["constructor"], ["osd+eng"]])("without data are refused by name: %s", async (code) => {
    await expect(recognize(page.png, ["eng", code])).rejects.toMatchObject({
      code: "MODEL_MISSING",
      hint: expect.stringContaining("eng, deu"),
    });
  });

  it("must be given", async () => {
    expect(await codeOf(recognize(page.png, []))).toBe("INVALID_INPUT");
  });

  it.each(["garbage", "cut off", "not packed"])("whose data is damaged (%s) are refused, and others still work", async (how) => {
    const folder = await mkdtemp(join(tmpdir(), "croft-ocr-test-"));
    const whole = gunzipSync(await readFile(join(languages.eng, "eng.traineddata.gz")));
    const bytes = {
      garbage: gzipSync("no trained data"),
      "cut off": gzipSync(whole.subarray(0, 10_000)),
      "not packed": whole.subarray(0, 100),
    }[how];
    await writeFile(join(folder, "eng.traineddata.gz"), bytes ?? "");
    const broken = openHost({ languageFolders: { ...languages, eng: folder } });
    expect(await codeOf(recognize(page.png, ["eng"], broken))).toBe("MODEL_INVALID");
    expect(textOf(await recognize(page.png, ["deu"], broken))).toContain("quick brown");
    expect(broken.generation).toBe(1);
    await broken.close();
    await rm(folder, { recursive: true });
  });
});

describe("what is no page", () => {
  it.each([
    ["text", new TextEncoder().encode("no image at all")],
    ["nothing", new Uint8Array()],
    ["a cut PNG", page.png.subarray(0, page.png.length / 2)],
  ])("is refused: %s", async (_, bytes) => {
    expect(await codeOf(recognize(bytes))).toBe("FILE_DAMAGED");
  });

  it("is refused when it is a drawing (rendering SVG would follow what a stranger wrote)", async () => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><text y="50">text</text></svg>';
    expect(await codeOf(recognize(new TextEncoder().encode(drawing)))).toBe("FILE_TYPE_UNSUPPORTED");
  });

  it("is refused before it is decoded when it has more pixels than any page (a decompression bomb)", async () => {
    expect(await codeOf(recognize(pngHeader(60_000, 60_000)))).toBe("FILE_TOO_LARGE");
  });
});

/** The start of a PNG that claims a size; enough to be asked for that many pixels. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.alloc(1_000))), chunk("IEND", Buffer.alloc(0))]);
}

describe("the life of the engine", () => {
  it("cancels a page that is being read and reads the next", async () => {
    const controller = new AbortController();
    const call = host.call("recognize", { image: page.png, languages: ["eng"] }, { signal: controller.signal });
    await untilState(host, "busy");
    controller.abort();
    expect(await codeOf(call)).toBe("ABORTED");
    expect(textOf(await recognize(page.png))).toBe(page.lines.join(" "));
  });

  it("reads as many pages at once as asked, each its own (workers must not mix their answers)", async () => {
    const pages = ["alpha beta gamma delta", "one two three four five", "red green blue yellow"].map((text) =>
      drawPage([text, text], { height: 300 }),
    );
    const two = openHost({ workers: 2 });
    const outputs = await Promise.all(pages.map(({ png }) => recognize(png, ["eng"], two)));
    expect(outputs.map(textOf)).toEqual(pages.map(({ lines }) => lines.join(" ")));
    await two.close();
    expect(two.state).toBe("stopped");
  });

  it("closes in the middle of a page", async () => {
    const closing = openHost();
    const call = recognize(page.png, ["eng"], closing);
    await untilState(closing, "busy");
    const [code] = await Promise.all([codeOf(call), closing.close()]);
    expect(code).toBe("CLOSED");
    expect(closing.state).toBe("stopped");
  });
});
