import { describe, expect, test } from "vitest";
import { isOutdated, optionsKey, pagesRead } from "../../../src/main/features/knowledge/indexing/reading-options.ts";
import type { ReadOptions } from "../../../src/shared/contract/reading.ts";

const options = (ocr: ReadOptions["ocr"], ...languages: string[]): ReadOptions => ({ ocr, languages });
const scanned = (ocr: ReadOptions["ocr"], ...languages: string[]) =>
  pagesRead(options(ocr, ...languages), { recognisable: 2, waiting: 0, ocrPages: ocr === "never" ? 0 : 2 });
const plain = (ocr: ReadOptions["ocr"], ...languages: string[]) =>
  pagesRead(options(ocr, ...languages), { recognisable: 0, waiting: 0, ocrPages: 0 });

describe("a document is read again", () => {
  test("in other languages when pages were recognised, and not when none were", () => {
    expect(isOutdated(scanned("auto", "eng"), options("auto", "deu"))).toBe(true);
    expect(isOutdated(scanned("auto", "eng"), options("auto", "eng"))).toBe(false);
    expect(isOutdated(plain("auto", "eng"), options("auto", "deu"))).toBe(false);
    expect(isOutdated(scanned("never", "eng"), options("never", "deu"))).toBe(false);
  });

  test("when pages that were left are to be recognised, and the other way round", () => {
    expect(isOutdated(scanned("never", "eng"), options("auto", "eng"))).toBe(true);
    expect(isOutdated(scanned("auto", "eng"), options("never", "eng"))).toBe(true);
    expect(isOutdated(plain("never", "eng"), options("auto", "eng"))).toBe(false);
    expect(isOutdated(plain("auto", "eng"), options("never", "eng"))).toBe(false);
  });

  test("with `always`, and from it, since every page may differ", () => {
    for (const reading of [plain("auto", "eng"), plain("never", "eng")]) expect(isOutdated(reading, options("always", "eng"))).toBe(true);
    expect(isOutdated(pagesRead(options("always", "eng"), { recognisable: 3, waiting: 0, ocrPages: 3 }), options("auto", "eng"))).toBe(
      true,
    );
    expect(isOutdated(plain("always", "eng"), options("always", "deu"))).toBe(true);
  });

  test("while pages wait, unless they are no longer to be recognised", () => {
    const waiting = pagesRead(options("auto", "eng"), { recognisable: 2, waiting: 2, ocrPages: 0 });
    expect(isOutdated(waiting, options("auto", "eng"))).toBe(true);
    expect(isOutdated(waiting, options("never", "eng"))).toBe(false);
  });

  test("never when it has no pages that can be drawn: options of recognition say nothing of it", () => {
    expect(isOutdated(undefined, options("always", "deu"))).toBe(false);
  });
});

test("the key of options tells apart what reads differently, and holds no password", () => {
  expect(optionsKey({ ...options("auto", "eng", "deu"), password: "secret" })).toBe("auto:eng+deu");
  expect(optionsKey(options("auto", "deu", "eng"))).not.toBe(optionsKey(options("auto", "eng", "deu")));
});
