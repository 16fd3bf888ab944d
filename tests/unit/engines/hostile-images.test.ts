import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createLanguageData } from "../../../src/main/engines/ocr/language-data.ts";
import { normaliseImage, shrinkImage, turnImage } from "../../../src/main/engines/ocr/normalise-image.ts";
import { placeBack } from "../../../src/main/engines/ocr/place-back.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { seeded } from "../../helpers/random-text.ts";

const picture = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: "#808080" } });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "read",
    (error: unknown) => (error instanceof AppError ? error.code : `not typed: ${String(error)}`),
  );

describe("a picture before it is read", () => {
  it.each(["png", "jpeg", "webp", "tiff", "gif"] as const)("as %s is decoded to one byte a pixel", async (format) => {
    const { grey, given, scale } = await normaliseImage(await picture(60, 40).toFormat(format).toBuffer());
    expect(given).toEqual({ width: 60, height: 40 });
    // Small ones are enlarged: letters of a low resolution are read better so.
    expect([scale, grey.width, grey.height, grey.data.length]).toEqual([2, 120, 80, 9600]);
  });

  // Catches: a drawing that a stranger wrote and that is run, a bomb that fills the memory, noise that ends the process.
  it.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "FILE_DAMAGED"],
    ["text", Buffer.from("no picture at all"), "FILE_DAMAGED"],
    ["the beginning of a PNG", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), "FILE_DAMAGED"],
    [
      "a drawing",
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'),
      "FILE_TYPE_UNSUPPORTED",
    ],
    ["a BMP of no size", Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)]), "FILE_TYPE_UNSUPPORTED"],
    ["a short BMP", Buffer.from("BM12"), "FILE_DAMAGED"],
  ])("that is %s is refused", async (_what, bytes, code) => {
    expect(await codeOf(normaliseImage(bytes))).toBe(code);
  });

  it("cut short anywhere, or with any byte changed, is read or refused, never more", async () => {
    const whole = await picture(40, 40).png().toBuffer();
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seeded(seed);
      const damaged = Buffer.from(whole.subarray(0, 1 + Math.floor(random() * whole.length)));
      damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      expect(["read", "FILE_DAMAGED", "FILE_TOO_LARGE", "FILE_TYPE_UNSUPPORTED"]).toContain(await codeOf(normaliseImage(damaged)));
    }
  });

  // Catches: a few bytes that claim a picture of a thousand million pixels.
  it("that claims more pixels than anybody scans is refused before it is decoded", async () => {
    const bomb = Buffer.from(await picture(10, 10).png({ compressionLevel: 0 }).toBuffer());
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    expect(await codeOf(normaliseImage(bomb))).toMatch(/^FILE_(TOO_LARGE|DAMAGED)$/);
  });

  it("is turned as its EXIF says, and its size is that of what a viewer shows", async () => {
    const turned = await picture(1200, 600).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { given, grey } = await normaliseImage(turned);
    expect(given).toEqual({ width: 600, height: 1200 });
    expect([grey.width, grey.height]).toEqual([600, 1200]);
  });

  it("that is larger than reading gains from is made smaller, in proportion", async () => {
    const { grey, scale, given } = await normaliseImage(await picture(6000, 4000).jpeg({ quality: 20 }).toBuffer());
    expect(grey.width * grey.height).toBeLessThan(16_100_000);
    expect(grey.width / grey.height).toBeCloseTo(given.width / given.height, 2);
    expect(scale).toBeCloseTo(grey.width / 6000, 6);
  });

  it("that one can see through stands on white", async () => {
    const clear = await sharp({ create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toBuffer();
    expect(Math.min(...(await normaliseImage(clear)).grey.data)).toBeGreaterThan(250);
  });

  it("turned by right angles and shrunk keeps every pixel's place", async () => {
    const image = { data: Uint8Array.from({ length: 12 }, (_, index) => index * 20), width: 4, height: 3 };
    const turned = await turnImage(image, 90);
    expect([turned.width, turned.height]).toEqual([3, 4]);
    expect([...turned.data]).toEqual([160, 80, 0, 180, 100, 20, 200, 120, 40, 220, 140, 60]);
    expect(await turnImage(image, 0)).toBe(image);
    expect(await shrinkImage(image, 2)).toMatchObject({ width: 2, height: 2 });
    expect(await shrinkImage(image, 100)).toMatchObject({ width: 4, height: 3 });
  });
});

// Catches: boxes on the page that stand beside their words, in one of the ways a page can lie.
it("a box is turned back to where it came from, however the page was turned and scaled", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seeded(seed);
    const degrees = [0, 90, 180, 270][seed % 4] ?? 0;
    const scale = [0.5, 1, 2][seed % 3] ?? 1;
    const given = { width: 400, height: 600 };
    const scaled = { width: given.width * scale, height: given.height * scale };
    const [left, top] = [Math.floor(random() * 300), Math.floor(random() * 500)];
    const box = [left, top, left + 20 + Math.floor(random() * 60), top + 10 + Math.floor(random() * 60)] as const;
    const corners = [
      [box[0] * scale, box[1] * scale],
      [box[2] * scale, box[3] * scale],
    ].map(([x = 0, y = 0]) => {
      if (degrees === 90) return [scaled.height - y, x];
      if (degrees === 180) return [scaled.width - x, scaled.height - y];
      return degrees === 270 ? [y, scaled.width - x] : [x, y];
    });
    const xs = corners.map(([x = 0]) => x);
    const ys = corners.map(([, y = 0]) => y);
    const read = degrees % 180 === 0 ? scaled : { width: scaled.height, height: scaled.width };
    const seen: [number, number, number, number] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    expect(placeBack(seen, { given, scale, degrees, radians: 0, read }), `${degrees}° × ${scale}`).toEqual([...box]);
  }
});

describe("the data of a language", () => {
  const sound = () => {
    const bytes = Buffer.alloc(60);
    bytes.writeUInt32LE(1, 0);
    bytes.writeBigInt64LE(20n, 4);
    return gzipSync(bytes);
  };
  function installed(codes: readonly string[], content: Buffer = sound()): Record<string, string> {
    return Object.fromEntries(
      codes.map((code) => {
        const folder = temporaryFolder(`croft-lang-${code}-`);
        writeFileSync(join(folder, `${code}.traineddata.gz`), content);
        return [code, folder];
      }),
    );
  }

  it("names what can be read, without what is no language", () => {
    const data = createLanguageData(installed(["eng", "osd", "deu", "equ"]));
    expect(data.languages).toEqual(["eng", "deu"]);
    expect([data.hasOrientation, createLanguageData({}).hasOrientation]).toEqual([true, false]);
  });

  it("of one folder is used where it lies; of several it is gathered once, and taken away at the end", async () => {
    const folders = installed(["eng", "deu"]);
    const data = createLanguageData(folders);
    expect(await data.folderFor(["eng"])).toBe(folders["eng"]);
    const both = await data.folderFor(["eng", "deu"]);
    expect(readdirSync(both).toSorted()).toEqual(["deu.traineddata.gz", "eng.traineddata.gz"]);
    expect(await data.folderFor(["deu", "eng"])).toBe(both);
    await data.dispose();
    expect(existsSync(both)).toBe(false);
    expect(existsSync(folders["eng"] ?? "")).toBe(true);
  });

  // Catches: a language of a stranger's choice that becomes a path, and damaged data that Tesseract does not survive.
  it.each(["fra", "../../etc/passwd", "constructor", "__proto__", "", "x".repeat(500)])(
    "that is not installed is named, shortly: %j",
    async (code) => {
      const data = createLanguageData(installed(["eng"]));
      const error: unknown = await data.folderFor(["eng", code]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "MODEL_MISSING", hint: expect.stringContaining("eng") });
      expect(String(error).length).toBeLessThan(200);
    },
  );

  it("that is damaged or gone is told by its own code, and found again once it is there", async () => {
    const folders = installed(["eng"], gzipSync(Buffer.from("nothing of the kind")));
    const data = createLanguageData(folders);
    expect(await codeOf(data.folderFor(["eng"]))).toBe("MODEL_INVALID");
    const spare = installed(["eng"]);
    copyFileSync(join(spare["eng"] ?? "", "eng.traineddata.gz"), join(folders["eng"] ?? "", "eng.traineddata.gz"));
    expect(await data.folderFor(["eng"])).toBe(folders["eng"]);
    expect(await codeOf(data.folderFor([]))).toBe("INVALID_INPUT");
    mkdirSync(join(temporaryFolder(), "empty"));
    expect(await codeOf(createLanguageData({ eng: temporaryFolder() }).folderFor(["eng"]))).toBe("MODEL_MISSING");
  });
});
