import { describe, expect, it } from "vitest";
import iconv from "iconv-lite";
import { byMark, decodeText, isUtf8, wideByZeros } from "../../../src/main/engines/readers/text/decode-text.ts";
import { normaliseText, oneLine } from "../../../src/main/engines/readers/text/normalise-text.ts";
import { randomText, seeded } from "../../helpers/random-text.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const prose = "Die Größe der Häuser in Zürich übersteigt, wie man weiß, jede Erwartung. ".repeat(12);
const russian = "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. ".repeat(6);
const japanese = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。".repeat(12);

describe("the mark at the start of bytes", () => {
  // Catches UTF-32 taken for UTF-16, whose mark it begins with.
  it.each([
    ["utf-8", bytes(0xef, 0xbb, 0xbf)],
    ["utf-16le", bytes(0xff, 0xfe, 0x41, 0)],
    ["utf-16le", bytes(0xff, 0xfe)],
    ["utf-16be", bytes(0xfe, 0xff, 0, 0x41)],
    ["utf-32le", bytes(0xff, 0xfe, 0, 0, 0x41, 0, 0, 0)],
    ["utf-16le", bytes(0xff, 0xfe, 0, 0, 0x41, 0)],
    ["utf-32be", bytes(0, 0, 0xfe, 0xff)],
    [undefined, bytes(0xef, 0xbb)],
    [undefined, bytes()],
    [undefined, bytes(0xfe)],
    [undefined, bytes(0x41, 0xef, 0xbb, 0xbf)],
  ])("says %s", (encoding, given) => {
    expect(byMark(given)).toBe(encoding);
  });
});

describe("UTF-16 without a mark", () => {
  it.each([
    ["utf-16le", iconv.encode("Plain words of a plain text", "utf-16le")],
    ["utf-16be", iconv.encode("Plain words of a plain text", "utf-16be")],
    [undefined, Buffer.from("Plain words of a plain text")],
    [undefined, Buffer.alloc(64)],
    [undefined, Buffer.from("ab")],
    [undefined, Buffer.alloc(0)],
    [undefined, iconv.encode("東京は日本の首都です", "utf-16le")],
  ])("is told by its zeros: %s", (encoding, given) => {
    expect(wideByZeros(given)).toBe(encoding);
  });
});

describe("text of bytes", () => {
  // Catches letters of an older encoding that come out as others.
  it.each([
    ["windows-1252", prose],
    ["iso-8859-1", prose],
    ["windows-1251", russian],
    ["koi8-r", russian],
    ["shift_jis", japanese],
    ["euc-jp", japanese],
    ["gb18030", "北京是中华人民共和国的首都，也是全国的政治、文化中心。".repeat(12)],
  ])("in %s is found by its statistics, and said to be a guess", (encoding, text) => {
    const decoded = decodeText(iconv.encode(text, encoding));
    expect(decoded).toMatchObject({ text, guessed: true });
  });

  it.each(["utf-8", "utf-16le", "utf-16be"])("in %s is sure by its mark, which is no part of it", (encoding) => {
    const decoded = decodeText(iconv.encode(prose, encoding, { addBOM: true }));
    expect(decoded).toEqual({ text: prose, encoding, guessed: false });
  });

  it("follows what the file says of itself", () => {
    expect(decodeText(iconv.encode("каждая", "koi8-r"), "koi8-r")).toEqual({ text: "каждая", encoding: "koi8-r", guessed: false });
    // As browsers do: € is no character of Latin-1, and in every file that calls itself so.
    for (const name of ["ISO-8859-1", "latin1", "us-ascii", "l1"])
      expect(decodeText(bytes(0x80), name)).toEqual({ text: "€", encoding: "windows-1252", guessed: false });
  });

  it("does not believe a file that says UTF-8 and is not", () => {
    for (const name of ["utf-8", "UTF8"]) {
      const decoded = decodeText(iconv.encode(prose, "windows-1252"), name);
      expect(decoded).toMatchObject({ text: prose, guessed: true });
    }
  });

  it.each(["no-such-encoding", "", "__proto__", "constructor"])("ignores %j, which is no encoding", (declared) => {
    expect(decodeText(Buffer.from("Zürich"), declared)).toEqual({ text: "Zürich", encoding: "utf-8", guessed: false });
  });

  // Catches a decoder that throws at what is no text at all.
  it("never throws, whatever the bytes and whatever they claim", () => {
    const names = [undefined, "utf-8", "utf-16", "utf-32", "shift_jis", "gb18030", "big5", "euc-kr", "koi8-r", "cp437"];
    for (let seed = 1; seed <= 120; seed += 1) {
      const random = seeded(seed);
      const noise = Uint8Array.from({ length: Math.floor(random() * 600) }, () => Math.floor(random() * 256));
      const decoded = decodeText(noise, names[seed % names.length]);
      expect(typeof decoded.text).toBe("string");
      expect(decoded.encoding).not.toBe("");
    }
  });

  it("is UTF-8 or not to the last byte", () => {
    expect(isUtf8(Buffer.from("grüezi 💧"))).toBe(true);
    expect(isUtf8(Buffer.from("grüezi 💧").subarray(0, -1))).toBe(false);
    expect(isUtf8(bytes(0xc0, 0x80))).toBe(false);
    expect(isUtf8(bytes(0xed, 0xa0, 0x80))).toBe(false);
    expect(isUtf8(bytes())).toBe(true);
  });
});

describe("the one form of stored text", () => {
  it.each([
    ["a\r\nb\rc\nd", "a\nb\nc\nd"],
    ["a\u0085b\u2028c\u2029d\ve\ff", "a\nb\nc\nd\ne\nf"],
    ["\r\r\n\n", "\n\n\n"],
    ["so\u00adft", "soft"],
    ["\ufeffstart", "start"],
    ["in\ufefftext", "intext"],
    ["a\u0000b\u0007c\u001bd\u007fe\u009ff", "abcdef"],
    ["tab\tstays", "tab\tstays"],
    ["e\u0301", "é"],
    ["\ud800", "\ufffd"],
    ["x\udc00y", "x\ufffdy"],
    ["💧", "💧"],
    // Joined by what was dropped between them.
    ["\ud83d\u0000\udca7", "💧"],
    ["e\u00ad\u0301", "é"],
    ["\ufff9base\ufffareading\ufffb", "basereading"],
  ])("of %j is %j", (given, expected) => {
    expect(normaliseText(given)).toBe(expected);
  });

  // Catches a text whose hash or offsets change when it is stored, read and normalised again.
  it("does not change when it is taken again, and survives UTF-8", () => {
    const odd = ["\r", "\n", "\u2028", "\ufeff", "\u00ad", "\u0301", "e", "\ud83d", "\udca7", "\u0000", "ﬁ", "각", "ᄀ", "ᅡ", " "];
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seeded(seed);
      const text =
        seed % 2 === 0
          ? randomText(random, 60)
          : Array.from({ length: Math.floor(random() * 60) }, () => odd[Math.floor(random() * odd.length)]).join("");
      const once = normaliseText(text);
      expect(normaliseText(once)).toBe(once);
      expect(Buffer.from(once).toString("utf8")).toBe(once);
      expect(once).not.toMatch(/[\r\u2028\u2029\ufeff]/);
      const line = oneLine(text);
      expect(line).not.toMatch(/[\n\t]| {2}|^ | $/);
      expect(oneLine(line)).toBe(line);
    }
  });
});
