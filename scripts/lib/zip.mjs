// Reads members of zip files (wheels, jars) without unpacking the rest and without holding them in memory.
// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createInflateRaw, inflateRawSync } from "node:zlib";

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const maxDirectoryBytes = 64 * 1024 * 1024;

/**
 * The bytes of one member. `outer.zip!inner` reads a member of a zip inside the zip; a leading star stands for any
 * one folder.
 * @param {string} path
 * @param {string} member
 * @returns {Promise<Readable>}
 */
export async function readMember(path, member) {
  const [outer, inner] = member.split("!");
  const source = await fileSource(path);
  const stream = await openMember(source, outer);
  if (inner === undefined) return stream;
  const bytes = Buffer.concat(await stream.toArray());
  return openMember(bufferSource(bytes), inner);
}

async function openMember(source, member) {
  const entry = (await readDirectory(source)).find(({ name }) => matches(name, member));
  if (!entry) throw new Error(`the package has no ${member}`);
  const header = await source.read(entry.offset, 30);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  return source.stream(start, entry.packedBytes, entry.method);
}

const matches = (name, member) => name === member || (member.startsWith("*/") && name.split("/").slice(1).join("/") === member.slice(2));

async function readDirectory(source) {
  const tail = await source.read(Math.max(0, source.bytes - 65_557), Math.min(source.bytes, 65_557));
  const at = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (at < 0 || tail.readUInt32LE(at) !== endOfDirectory) throw new Error("the package is no zip file");
  const length = tail.readUInt32LE(at + 12);
  if (length > maxDirectoryBytes) throw new Error("the package's directory is too large");
  const directory = await source.read(tail.readUInt32LE(at + 16), length);
  const entries = [];
  for (let offset = 0; offset + 46 <= directory.length && directory.readUInt32LE(offset) === directoryEntry;) {
    const nameBytes = directory.readUInt16LE(offset + 28);
    entries.push({
      method: directory.readUInt16LE(offset + 10),
      packedBytes: directory.readUInt32LE(offset + 20),
      offset: directory.readUInt32LE(offset + 42),
      name: directory.toString("utf8", offset + 46, offset + 46 + nameBytes),
    });
    offset += 46 + nameBytes + directory.readUInt16LE(offset + 30) + directory.readUInt16LE(offset + 32);
  }
  return entries;
}

async function fileSource(path) {
  const { size } = await stat(path);
  return {
    bytes: size,
    async read(position, length) {
      const file = await open(path, "r");
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    stream(start, length, method) {
      if (length === 0) return Readable.from([]);
      const packed = createReadStream(path, { start, end: start + length - 1, highWaterMark: 1 << 20 });
      if (method === 0) return packed;
      if (method !== 8) throw new Error(`the package is compressed by unknown method ${method}`);
      const unpacked = createInflateRaw();
      packed.on("error", (error) => unpacked.destroy(error));
      return packed.pipe(unpacked);
    },
  };
}

function bufferSource(buffer) {
  return {
    bytes: buffer.length,
    read: async (position, length) => buffer.subarray(position, position + length),
    stream: (start, length, method) =>
      Readable.from([method === 0 ? buffer.subarray(start, start + length) : inflateRawSync(buffer.subarray(start, start + length))]),
  };
}
