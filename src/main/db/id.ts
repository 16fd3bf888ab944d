import { randomBytes } from "node:crypto";

let lastTime = 0;
let counter = 0;

/**
 * A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then a 12-bit counter so that ids made in one
 * millisecond sort in the order they were made, then 62 random bits.
 */
export function createId(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    counter = randomBytes(1).readUInt8() & 0x7f;
  } else if (++counter > 0xfff) {
    lastTime += 1;
    counter = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastTime, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
