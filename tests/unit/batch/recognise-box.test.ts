import { describe, expect, it } from "vitest";
import sharp from "sharp";
import { cropImage } from "../../../src/main/engines/ocr/crop-image.ts";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import type { OcrProtocol, RecognizeInput } from "../../../src/main/engines/ocr/protocol.ts";
import type { RasterInput, ReadersProtocol } from "../../../src/main/engines/readers/protocol.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { createRecogniseBox } from "../../../src/main/features/batch/review/recognise-box.ts";

const image = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "black" } })
    .png()
    .toBuffer();

describe("a part of an image", () => {
  // Catches: a crop that is shifted, or whose letters touch the edge.
  it("has its size and a white border", async () => {
    const cropped = await cropImage(await image(200, 100), [10, 20, 60, 50]);
    const { data, info } = await sharp(cropped).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([50 + 48, 30 + 48]);
    expect(data[0]).toBe(255);
    expect(data[24 * info.width + 24]).toBe(0);
    expect(data[(24 + 29) * info.width + 24 + 49]).toBe(0);
    expect(data[(24 + 30) * info.width + 24]).toBe(255);
  });

  it("ends at the edge of the image", async () => {
    const { width, height } = await sharp(await cropImage(await image(200, 100), [-50, -50, 20, 500])).metadata();
    expect([width, height]).toEqual([20 + 48, 100 + 48]);
  });

  it.each<[string, [number, number, number, number]]>([
    ["beside it", [300, 0, 400, 50]],
    ["above it", [0, -90, 50, -10]],
    ["turned over", [60, 50, 10, 20]],
    ["empty", [10, 10, 10, 10]],
  ])("is refused when it lies %s", async (_, box) => {
    await expect(cropImage(await image(200, 100), box)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("is refused of what is no image", async () => {
    await expect(cropImage(new TextEncoder().encode("no picture"), [0, 0, 5, 5])).rejects.toMatchObject({ code: "FILE_DAMAGED" });
  });
});

/** Engines that say what they were asked, at the seam where the real ones answer. */
function engines(words: string[], locked?: string) {
  const rasters: RasterInput[] = [];
  const recognised: RecognizeInput[] = [];
  const readers = {
    call: async (_: string, input: RasterInput) => {
      rasters.push(input);
      if (locked !== undefined && input.password !== locked)
        throw new AppError(input.password === undefined ? "FILE_ENCRYPTED" : "FILE_PASSWORD_WRONG", "It is locked.");
      return { image: new Uint8Array([1]), width: 100, height: 100, scale: input.dpi / 72 };
    },
  } as unknown as EngineHost<ReadersProtocol>;
  const ocr = {
    call: async (_: string, input: RecognizeInput) => {
      recognised.push(input);
      return { words: words.map((text) => ({ text, box: [0, 0, 1, 1], confidence: 0.8, line: 0, block: 0 })), confidence: 0.8 };
    },
  } as unknown as EngineHost<OcrProtocol>;
  return { recognise: createRecogniseBox({ readers, ocr }), rasters, recognised };
}
const place = { path: "/a.pdf", page: 3, box: [100, 200, 160, 214] as [number, number, number, number], languages: ["deu"] };
const a4 = { width: 595, height: 842 };
const { signal } = new AbortController();

describe("a box that is read from the picture", () => {
  it("is drawn finely, cut out with a margin, and read in the recipe's languages", async () => {
    const { recognise, rasters, recognised } = engines(["118,50", " ", "€"]);
    expect(await recognise({ ...place, size: a4 }, signal)).toEqual({ text: "118,50 €", confidence: 0.8 });
    expect(rasters).toMatchObject([{ path: "/a.pdf", page: 3, dpi: 400 }]);
    const scale = 400 / 72;
    expect(recognised).toMatchObject([{ languages: ["deu"], crop: [98 * scale, 198 * scale, 162 * scale, 216 * scale] }]);
  });

  // Catches: a poster drawn at 400 dots an inch that fills the memory.
  it("is drawn no finer than a page may be", async () => {
    const { recognise, rasters } = engines(["x"]);
    await recognise({ ...place, size: { width: 4_000, height: 4_000 } }, signal);
    await recognise({ ...place, size: undefined }, signal);
    expect((((rasters[0]?.dpi ?? 0) / 72) * 4_000) ** 2).toBeLessThanOrEqual(24_000_000);
    expect(rasters[1]?.dpi).toBe(200);
  });

  it("is nothing where it holds no word, or could hold none", async () => {
    expect(await engines([]).recognise({ ...place, size: a4 }, signal)).toBeUndefined();
    const { recognise, rasters } = engines(["x"]);
    for (const box of [
      [10, 10, 14, 30],
      [10, 10, 60, 12],
      [60, 60, 10, 10],
    ] as [number, number, number, number][])
      expect(await recognise({ ...place, box, size: a4 }, signal)).toBeUndefined();
    expect(rasters).toEqual([]);
  });

  // Catches: a box of a locked file that is read with the first of several passwords alone.
  it("opens an encrypted file with the password that fits, and sends none where none is needed", async () => {
    const locked = engines(["x"], "secret");
    expect(await locked.recognise({ ...place, size: a4, passwords: ["other", "secret"] }, signal)).toMatchObject({ text: "x" });
    expect(locked.rasters.map(({ password }) => password)).toEqual([undefined, "other", "secret"]);
    const open = engines(["x"]);
    await open.recognise({ ...place, size: a4, passwords: ["secret"] }, signal);
    expect(open.rasters.map((input) => "password" in input)).toEqual([false]);
  });
});
