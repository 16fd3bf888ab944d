import sharp from "sharp";
import { AppError } from "../../../shared/errors.ts";
import type { Source } from "../readers/format.ts";
import { problems } from "../readers/problems.ts";
import type { DrawInput, DrawOutput } from "./protocol.ts";

// One thread of its own beside the one that draws: a page is small.
sharp.concurrency(1);

/** A picture may have so many times the pixels of a drawn page, since it is made smaller while it is decoded. */
const shrinkable = 8;

/** A picture, or one page of a TIFF, as wide as asked for and never wider than it is; turned as its EXIF says, on white. */
export async function drawPicture({ path, bytes, fileType, limits }: Source, { page, width }: DrawInput): Promise<DrawOutput> {
  if (page < 1 || (page > 1 && fileType.type !== "tiff")) throw new AppError("INVALID_INPUT", `The picture has no page ${page}.`);
  const open = () => sharp(bytes, { limitInputPixels: false, failOn: "error", page: page - 1, animated: false });
  const found = await open()
    .metadata()
    .catch((error: unknown) => {
      throw problems.damaged(path, "the picture cannot be decoded", error);
    });
  const { width: fullWidth, height: fullHeight } = found.autoOrient;
  const allowed = limits.pixels * shrinkable;
  if (fullWidth * fullHeight > allowed) throw problems.tooLarge(path, "pixels", allowed, fullWidth * fullHeight);
  const most = Math.floor(fullWidth * Math.min(1, Math.sqrt(limits.pixels / (fullWidth * fullHeight))));
  const { data, info } = await open()
    .rotate()
    .resize({ width: Math.max(1, Math.min(width, most)), fit: "inside" })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
    .toBuffer({ resolveWithObject: true });
  return { image: new Uint8Array(data), width: info.width, height: info.height };
}
