import { AppError } from "../../../../shared/errors.ts";

/** Offsets of the first and the last byte. */
export type ByteRange = { first: number; last: number };

/**
 * The one range that a `Range` header asks for (RFC 9110, 14.1.2), undefined where it asks for everything: without a
 * header, in another unit, or for several ranges at once, which need not be honoured.
 * @throws INVALID_INPUT when it lies behind the end
 */
export function byteRange(header: string | null, length: number): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  const range =
    first === ""
      ? { first: Math.max(0, length - Number(last)), last: length - 1 }
      : { first: Number(first), last: last === "" ? length - 1 : Math.min(Number(last), length - 1) };
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (range.first >= length || range.last < range.first)
    throw new AppError("INVALID_INPUT", `The file has ${length} bytes, and none of those asked for.`, { data: { length } });
  return range;
}
