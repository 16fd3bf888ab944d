import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

/** Draws every icon file from the two SVGs in resources/icons: `node scripts/icons.ts`. */
const folder = join(import.meta.dirname, "../resources/icons");

async function draw(source: string, size: number): Promise<Buffer> {
  return sharp(readFileSync(join(folder, source)), { density: 288 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** An ICO file that holds PNGs: a header of 6 bytes, 16 bytes an image, the images. */
function ico(images: { size: number; png: Buffer }[]): Buffer {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index;
    // 0 stands for 256.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

/** Names of an ICNS file's parts by the size of the PNG in them. */
const icnsTypes = { 128: "ic07", 256: "ic08", 512: "ic09", 1024: "ic10" };

/** An ICNS file: `icns`, its length, then for each image a type, a length and the PNG; lengths include their headers. */
function icns(images: { type: string; png: Buffer }[]): Buffer {
  const parts = images.map(({ type, png }) => Buffer.concat([chunkHeader(type, png.length + 8), png]));
  return Buffer.concat([
    chunkHeader(
      "icns",
      parts.reduce((sum, part) => sum + part.length, 8),
    ),
    ...parts,
  ]);
}

function chunkHeader(type: string, length: number): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 0, "latin1");
  header.writeUInt32BE(length, 4);
  return header;
}

const write = (name: string, bytes: Buffer) => writeFileSync(join(folder, name), bytes);

write("icon.png", await draw("icon.svg", 512));
write("tray.png", await draw("tray.svg", 16));
write("tray@2x.png", await draw("tray.svg", 32));
write(
  "icon.ico",
  ico(await Promise.all([16, 24, 32, 48, 64, 128, 256].map(async (size) => ({ size, png: await draw("icon.svg", size) })))),
);
write(
  "icon.icns",
  icns(await Promise.all(Object.entries(icnsTypes).map(async ([size, type]) => ({ type, png: await draw("icon.svg", Number(size)) })))),
);
