import sharp from "sharp";
import { AppError } from "../../../../shared/errors.ts";
import type { Format, Source } from "../format.ts";
import { nothingMore } from "../format.ts";
import { problems } from "../problems.ts";

/** Pictures: every page (a TIFF may have several) is to be recognised. Boxes count in points, by the stated or likely density. */
export const image: Format = {
  types: ["png", "jpg", "tiff", "webp", "gif"],
  async read(source, { emit, checkpoint }) {
    const head = await describe(source, 0);
    const pages = source.fileType.type === "tiff" ? head.pages : 1;
    if (pages > source.limits.pages) throw problems.tooLarge(source.path, "pages", source.limits.pages, pages);
    emit({ kind: "head", head: { ...source.fileType, metadata: { width: head.width, height: head.height, dpi: head.dpi }, pages } });
    for (let page = 1; page <= pages; page += 1) {
      await checkpoint();
      const { width, height, dpi } = page === 1 ? head : await describe(source, page - 1);
      emit({ kind: "page", page: { page, text: "", blocks: [], width: (width * 72) / dpi, height: (height * 72) / dpi, needsOcr: true } });
    }
    return nothingMore();
  },

  async raster(source, { page, dpi }) {
    const found = await describe(source, page - 1);
    const { data, info } = await open(source, page - 1)
      .rotate()
      .resize({ width: wantedWidth(found, dpi, source.limits.pixels), withoutEnlargement: true, fit: "inside" })
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true });
    return { image: new Uint8Array(data), width: info.width, height: info.height, scale: info.width / ((found.width * 72) / found.dpi) };
  },
};

/** A picture may have so many times the pixels that a drawn page may have, since it is made smaller while it is decoded. */
const shrinkable = 8;

type Described = { width: number; height: number; dpi: number; stated: boolean; pages: number };

/** Size as it is looked at, turned as its EXIF says. Decodes the header only. */
async function describe(source: Source, page: number): Promise<Described> {
  const found = await open(source, page)
    .metadata()
    .catch((error: unknown) => {
      throw problems.damaged(source.path, "the picture cannot be decoded", error);
    });
  const { width, height } = found.autoOrient;
  const allowed = source.limits.pixels * shrinkable;
  if (width * height > allowed) throw problems.tooLarge(source.path, "pixels", allowed, width * height);
  const stated = found.density !== undefined && found.density >= 90 && found.density <= 4800;
  return { width, height, dpi: stated ? (found.density ?? 300) : likelyDpi(Math.max(width, height)), stated, pages: found.pages ?? 1 };
}

/** Without a stated density: what makes the picture about as long as a sheet of A4, in usual steps. */
function likelyDpi(longerSide: number): number {
  return longerSide > 2800 ? 300 : longerSide > 1900 ? 200 : longerSide > 1200 ? 150 : 96;
}

/** A stated density may be lowered to the one asked for; a guessed one is left; both stay within the pixel limit. */
function wantedWidth({ width, height, dpi, stated }: Described, wanted: number, maxPixels: number): number {
  const scale = stated && dpi > wanted ? wanted / dpi : 1;
  return Math.max(1, Math.round(width * Math.min(scale, Math.sqrt(maxPixels / (width * height)))));
}

function open({ bytes, fileType }: Source, page: number) {
  if (page < 0) throw new AppError("INVALID_INPUT", "Pages count from 1.");
  return sharp(bytes, { limitInputPixels: false, failOn: "error", page: fileType.type === "tiff" ? page : 0, animated: false });
}
