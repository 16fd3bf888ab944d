import { inflateRawSync } from "node:zlib";

/** Parts that are looked at: no office file has more. */
const mostParts = 20_000;

/** Finds parts of a zip by name; undefined where there is none, or it cannot be unpacked within `mostBytes`. */
export type ZipParts = { names: string[]; text(name: string, mostBytes: number): string | undefined };

/**
 * The directory of a zip (APPNOTE 4.3.12, 4.3.16), without ZIP64 and encryption. What does not add up has no parts:
 * whoever asks has the file's text from elsewhere and only wants more.
 */
export function zipParts(bytes: Uint8Array): ZipParts {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Map<string, { method: number; packed: number; offset: number }>();
  const end = view.lastIndexOf(Buffer.from("504b0506", "hex"));
  if (end >= 0 && end + 22 <= view.length) {
    let at = view.readUInt32LE(end + 16);
    const count = Math.min(mostParts, view.readUInt16LE(end + 10));
    for (let index = 0; index < count && at + 46 <= view.length && view.readUInt32LE(at) === 0x02014b50; index += 1) {
      const nameEnd = at + 46 + view.readUInt16LE(at + 28);
      const name = view.toString("utf8", at + 46, nameEnd);
      found.set(name, { method: view.readUInt16LE(at + 10), packed: view.readUInt32LE(at + 20), offset: view.readUInt32LE(at + 42) });
      at = nameEnd + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
    }
  }
  return {
    names: [...found.keys()],
    text(name, mostBytes) {
      const part = found.get(name);
      if (!part || part.offset + 30 > view.length) return undefined;
      const start = part.offset + 30 + view.readUInt16LE(part.offset + 26) + view.readUInt16LE(part.offset + 28);
      const packed = view.subarray(start, start + part.packed);
      try {
        if (part.method === 0) return packed.length <= mostBytes ? packed.toString("utf8") : undefined;
        return part.method === 8 ? inflateRawSync(packed, { maxOutputLength: mostBytes }).toString("utf8") : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
