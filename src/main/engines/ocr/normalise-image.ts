import sharp from "sharp";
import type { Sharp } from "sharp";
import { AppError } from "../../../shared/errors.ts";
import { decodeBmp, isBmp } from "./decode-bmp.ts";
import type { GreyImage } from "./skew.ts";

/** An image as Tesseract wants it, and how it came from the one given. */
export type NormalImage = {
  /** Upright by EXIF. */
  grey: GreyImage;
  /** Pixels of `grey` for each pixel of the image given. */
  scale: number;
  /** Size of the image given, as a viewer shows it: with its EXIF orientation applied. */
  given: { width: number; height: number };
};

/** More than this is a decompression bomb rather than a page: A0 at 600 dpi has 550 million. */
const maxPixels = 600_000_000;
/** Undecoded pixels lie in memory at three bytes each; A3 at 600 dpi. */
const maxRawPixels = 70_000_000;
/** Pictures made of pixels. Vector formats are no scans, and drawing them runs what a stranger wrote. */
const formats = new Set(["png", "jpeg", "tiff", "webp", "gif", "heif"]);
/** A4 at 400 dpi. Tesseract scales every line to 36 pixels of height, so more only costs time. */
const comfortablePixels = 16_000_000;
/** A page narrower and lower than this was scanned at less than about 150 dpi; its letters are enlarged. */
const smallSide = 1_000;
const enlargement = 2;

/**
 * Decodes any image sharp knows, turns it upright by EXIF, flattens it on white and brings it to a size at which
 * Tesseract reads well.
 * @throws FILE_DAMAGED · FILE_TOO_LARGE · FILE_TYPE_UNSUPPORTED
 */
export async function normaliseImage(image: Uint8Array): Promise<NormalImage> {
  try {
    const { source, given } = isBmp(image) ? openBmp(image) : await openEncoded(image);
    const scale = scaleFor(given.width, given.height);
    const width = Math.max(1, Math.round(given.width * scale));
    const kernel = scale > 1 ? "cubic" : "lanczos3";
    const grey = await toGrey(source.flatten({ background: "white" }).resize({ width, kernel }));
    return { grey, scale: grey.width / given.width, given };
  } catch (error) {
    throw error instanceof AppError ? error : imageError(error);
  }
}

async function openEncoded(image: Uint8Array) {
  const { autoOrient: given, format } = await sharp(image, { limitInputPixels: maxPixels }).metadata();
  if (!formats.has(format)) throw unsupported(format);
  return { source: sharp(image, { limitInputPixels: maxPixels, failOn: "error" }).autoOrient(), given };
}

function openBmp(image: Uint8Array) {
  const { data, width, height } = decodeBmp(image, maxRawPixels);
  return { source: sharp(data, { raw: { width, height, channels: 3 } }), given: { width, height } };
}

/** Turned clockwise by a multiple of 90 degrees. */
export async function turnImage(image: GreyImage, degrees: number): Promise<GreyImage> {
  return degrees === 0 ? image : toGrey(fromGrey(image).rotate(degrees));
}

/** At most `side` pixels wide and high. */
export async function shrinkImage(image: GreyImage, side: number): Promise<GreyImage> {
  return toGrey(fromGrey(image).resize({ width: side, height: side, fit: "inside", withoutEnlargement: true }));
}

const fromGrey = ({ data, width, height }: GreyImage) => sharp(data, { raw: { width, height, channels: 1 } });

async function toGrey(image: Sharp): Promise<GreyImage> {
  const { data, info } = await image.greyscale().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function scaleFor(width: number, height: number): number {
  if (Math.max(width, height) < smallSide) return enlargement;
  return Math.min(1, Math.sqrt(comfortablePixels / (width * height)));
}

function imageError(cause: unknown): AppError {
  const tooLarge = cause instanceof Error && /pixel limit|dimensions|too large/i.test(cause.message);
  return tooLarge
    ? new AppError("FILE_TOO_LARGE", "The image has more pixels than can be read.", { hint: "Scan it again at 300 dpi.", cause })
    : new AppError("FILE_DAMAGED", "The image cannot be decoded.", { hint: "Open it in an image viewer and save it again as PNG.", cause });
}

const unsupported = (format: string) =>
  new AppError("FILE_TYPE_UNSUPPORTED", `Text cannot be recognised in ${format} files.`, { hint: "Save the page as PNG, JPEG or TIFF." });
