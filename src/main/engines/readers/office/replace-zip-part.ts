import { crc32, deflateRawSync } from "node:zlib";

const LOCAL = 30;
const CENTRAL = 46;
const END = 22;

/**
 * A zip with another text for one of its parts, in the place of the former: some programs read the parts one after the
 * other, whatever the directory says. Undefined where there is no such part, or the directory does not add up (as in
 * `zipParts`).
 */
export function replaceZipPart(bytes: Uint8Array, name: string, text: string): Uint8Array | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = view.lastIndexOf(Buffer.from("504b0506", "hex"));
  if (end < 0 || end + END > view.length) return undefined;
  const first = view.readUInt32LE(end + 16);
  if (first > end) return undefined;
  const directory = Buffer.from(view.subarray(first, end));
  const entries = entriesOf(directory);
  const found = entries.find((entry) => entry.name === name);
  if (!found || entries.some(({ offset }) => offset + LOCAL > first)) return undefined;
  // Up to the next part: a descriptor of its sizes may follow it.
  const next = entries.reduce((least, { offset }) => (offset > found.offset && offset < least ? offset : least), first);

  const content = Buffer.from(text);
  const packed = deflateRawSync(content, { level: 1 });
  const { at } = found;
  // Neither encrypted nor followed by a descriptor.
  directory.writeUInt16LE(directory.readUInt16LE(at + 8) & ~0b1001, at + 8);
  directory.writeUInt16LE(8, at + 10);
  directory.writeUInt32LE(crc32(content), at + 16);
  directory.writeUInt32LE(packed.length, at + 20);
  directory.writeUInt32LE(content.length, at + 24);
  const header = Buffer.alloc(LOCAL);
  header.writeUInt32LE(0x04034b50, 0);
  // From the version that is needed to the length of the name, both headers say the same.
  directory.copy(header, 4, at + 6, at + 30);
  const entry = Buffer.concat([header, Buffer.from(name), packed]);

  const moved = entry.length - (next - found.offset);
  for (const other of entries) if (other.offset > found.offset) directory.writeUInt32LE(other.offset + moved, other.at + 42);
  const tail = Buffer.from(view.subarray(end));
  tail.writeUInt32LE(first + moved, 16);
  return new Uint8Array(Buffer.concat([view.subarray(0, found.offset), entry, view.subarray(next, first), directory, tail]));
}

/** What a directory names, and where in it. */
function entriesOf(directory: Buffer): { name: string; at: number; offset: number }[] {
  const entries = [];
  for (let at = 0; at + CENTRAL <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
    const nameEnd = at + CENTRAL + directory.readUInt16LE(at + 28);
    entries.push({ name: directory.toString("utf8", at + CENTRAL, nameEnd), at, offset: directory.readUInt32LE(at + 42) });
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}
