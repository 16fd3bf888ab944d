import chardet from "chardet";
import iconv from "iconv-lite";

export type Decoded = { text: string; encoding: string; /** The encoding was guessed from the bytes' statistics. */ guessed: boolean };

/**
 * Text of bytes: by byte order mark, else by what the file says of itself, else UTF-16 by its zero bytes (which are
 * valid UTF-8 too), else strict UTF-8, else the most likely encoding. Never throws; what cannot be decoded is U+FFFD.
 */
export function decodeText(bytes: Uint8Array, declared?: string): Decoded {
  const marked = byMark(bytes);
  if (marked) return { text: iconv.decode(bytes, marked), encoding: marked, guessed: false };
  if (declared !== undefined && iconv.encodingExists(declared)) {
    const encoding = webName(declared);
    // A page that says UTF-8 and is not was saved by something else; its bytes know better.
    if (encoding !== "utf-8" || isUtf8(bytes)) return { text: iconv.decode(bytes, encoding), encoding, guessed: false };
  }
  const wide = wideByZeros(bytes);
  if (wide) return { text: iconv.decode(bytes, wide), encoding: wide, guessed: true };
  if (isUtf8(bytes)) return { text: new TextDecoder().decode(bytes), encoding: "utf-8", guessed: false };
  const guess = chardet.detect(bytes.subarray(0, 256 * 1024));
  const encoding = guess !== null && guess !== "UTF-8" && iconv.encodingExists(guess) ? webName(guess) : "windows-1252";
  return { text: iconv.decode(bytes, encoding), encoding, guessed: true };
}

/** UTF-16 without a mark shows in Latin text as a zero at every second byte. */
export function wideByZeros(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const length = Math.min(bytes.length, 4096) & ~1;
  if (length < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even += 1;
    if (bytes[at + 1] === 0) odd += 1;
  }
  const pairs = length / 2;
  if (odd > pairs * 0.4 && even < pairs * 0.02) return "utf-16le";
  if (even > pairs * 0.4 && odd < pairs * 0.02) return "utf-16be";
  return undefined;
}

export function byMark(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length % 4 === 0 ? "utf-32le" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32be";
  return undefined;
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** As browsers do: what calls itself Latin-1 or ASCII is windows-1252, its superset. */
function webName(name: string): string {
  const lower = name.toLowerCase();
  if (/^(iso-?8859-?1|latin-?1|l1|us-?ascii|ascii)$/.test(lower)) return "windows-1252";
  return lower === "utf8" ? "utf-8" : lower;
}
