import { describe, expect, test } from "vitest";
import { requireSoundChains } from "../../../src/main/engines/readers/mail/compound-file.ts";
import { makeMsg } from "../../helpers/make-msg.ts";

const small = () => Buffer.from(makeMsg({ subject: "Coast", body: "The lighthouse." }));
const large = () =>
  Buffer.from(
    makeMsg({ body: "x", attachments: [{ name: "a.bin", type: "application/octet-stream", content: Buffer.alloc(200_000, 7) }] }),
  );

/** Where the table of chains begins. */
const tableOf = (file: Buffer) => (file.readUInt32LE(76) + 1) * 512;
const entriesOf = (file: Buffer) => (file.readUInt32LE(48) + 1) * 512;

describe("the chains of a compound file", () => {
  test("of mails as they are saved are sound, also where the file is cut short", () => {
    for (const file of [small(), large()]) {
      requireSoundChains(file);
      for (const share of [0.95, 0.8]) requireSoundChains(file.subarray(0, Math.floor(file.length * share)));
    }
  });

  test("that lead back to themselves are refused (a parser would follow them for ever)", () => {
    for (const make of [small, large]) {
      const file = make();
      const [table, first] = [tableOf(file), file.readUInt32LE(48)];
      file.writeUInt32LE(first, table + first * 4);
      expect(() => requireSoundChains(file)).toThrow(/leads back/);
    }
    const circle = large();
    const table = tableOf(circle);
    // The longest stream's end becomes its beginning.
    for (let sector = 0; sector < 128; sector += 1)
      if (circle.readUInt32LE(table + sector * 4) === 0xfffffffe) circle.writeUInt32LE(0, table + sector * 4);
    expect(() => requireSoundChains(circle)).toThrow();
  });

  test("are as many as the file has room for, whatever its header says", () => {
    for (const field of [44, 64, 72]) {
      const file = small();
      file.writeUInt32LE(0xfffffff0, field);
      expect(() => requireSoundChains(file)).toThrow(/more sectors/);
    }
  });

  test("and its folders: none lies in itself", () => {
    const file = small();
    file.writeUInt32LE(0, entriesOf(file) + 128 + 68);
    expect(() => requireSoundChains(file)).toThrow(/lies in itself/);
  });

  test("of noise and stumps end at once", () => {
    const noise = small();
    for (let at = 34; at < noise.length; at += 1) noise[at] = (at * 2_654_435_761) >>> 24;
    expect(() => requireSoundChains(noise)).toThrow();
    for (const length of [0, 8, 511]) expect(() => requireSoundChains(small().subarray(0, length))).toThrow(/no compound file/);
  });
});
