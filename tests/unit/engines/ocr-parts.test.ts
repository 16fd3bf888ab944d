import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeBmp } from "../../../src/main/engines/ocr/decode-bmp.ts";
import { meanConfidence, parseTsv, runsSideways } from "../../../src/main/engines/ocr/parse-tsv.ts";
import { placeBack } from "../../../src/main/engines/ocr/place-back.ts";
import { isTrainedData } from "../../../src/main/engines/ocr/trained-data.ts";
import { createWorkerPool } from "../../../src/main/engines/ocr/worker-pool.ts";
import { AppError } from "../../../src/shared/errors.ts";

describe("Tesseract's TSV", () => {
  const row = (level: number, block: number, paragraph: number, line: number, confidence: number, text: string) =>
    [level, 1, block, paragraph, line, 1, 10, 20, 30, 40, confidence, text].join("\t");

  it("gives words with boxes, and numbers lines and blocks through", () => {
    const words = parseTsv(
      [row(4, 1, 1, 1, -1, ""), row(5, 1, 1, 1, 96.5, "one"), row(5, 1, 1, 2, 80, "two"), row(5, 3, 1, 1, 70, "three")].join("\n"),
    );
    expect(words).toEqual([
      { text: "one", box: [10, 20, 40, 60], confidence: 0.965, line: 0, block: 0 },
      { text: "two", box: [10, 20, 40, 60], confidence: 0.8, line: 1, block: 0 },
      { text: "three", box: [10, 20, 40, 60], confidence: 0.7, line: 2, block: 1 },
    ]);
  });

  it("skips words of white space and keeps a tab inside a word's text", () => {
    expect(parseTsv([row(5, 1, 1, 1, 95, " "), row(5, 1, 1, 1, 50, "a\tb")].join("\n")).map(({ text }) => text)).toEqual(["a\tb"]);
  });

  it("has no words where nothing was read", () => {
    expect(parseTsv("")).toEqual([]);
    expect(meanConfidence([])).toBe(0);
  });
});

describe("lines that run sideways", () => {
  const word = (text: string, width: number, height: number) => ({
    text,
    box: [0, 0, width, height] satisfies [number, number, number, number],
    confidence: 1,
    line: 0,
    block: 0,
  });

  it("are told by words that are higher than wide, short words left aside", () => {
    expect(runsSideways([word("level", 50, 10), word("I", 3, 10), word("l", 3, 10), word("1", 3, 10)])).toBe(false);
    expect(runsSideways([word("upright", 10, 70), word("again", 10, 50), word("level", 50, 10)])).toBe(true);
    expect(runsSideways([])).toBe(false);
  });
});

describe("boxes turned back", () => {
  const given = { width: 200, height: 100 };

  it.each([
    [0, { width: 200, height: 100 }, [10, 20, 30, 40]],
    [90, { width: 100, height: 200 }, [20, 70, 40, 90]],
    [180, { width: 200, height: 100 }, [170, 60, 190, 80]],
    [270, { width: 100, height: 200 }, [160, 10, 180, 30]],
  ] as const)("a page turned clockwise by %i degrees", (degrees, read, expected) => {
    expect(placeBack([10, 20, 30, 40], { given, scale: 1, degrees, radians: 0, read })).toEqual(expected);
  });

  it("an enlarged page", () => {
    expect(placeBack([20, 40, 60, 80], { given, scale: 2, degrees: 0, radians: 0, read: { width: 400, height: 200 } })).toEqual([
      10, 20, 30, 40,
    ]);
  });

  it("stay inside the image", () => {
    expect(placeBack([-5, -5, 500, 500], { given, scale: 1, degrees: 0, radians: 0.1, read: given })).toEqual([0, 0, 200, 100]);
  });
});

describe("a BMP", () => {
  /** Two rows of two pixels, bottom row first, by bits a pixel. */
  function bmp(bits: number, rows: number[][], palette: number[] = [], { compression = 0, width = 2, height = 2 } = {}) {
    const header = Buffer.alloc(54);
    header.write("BM", "latin1");
    header.writeUInt32LE(54 + palette.length, 10);
    header.writeUInt32LE(40, 14);
    header.writeInt32LE(width, 18);
    header.writeInt32LE(height, 22);
    header.writeUInt16LE(bits, 28);
    header.writeUInt32LE(compression, 30);
    return Buffer.concat([header, Buffer.from(palette), ...rows.map((row) => Buffer.from(row))]);
  }
  const blackWhite = [0, 0, 0, 0, 255, 255, 255, 0];
  const code = (bytes: Buffer) => {
    try {
      decodeBmp(bytes, 100);
    } catch (error) {
      return error instanceof AppError ? error.code : error;
    }
    return "decoded";
  };

  it("of 24 bits is decoded top row first, blue and red changed over, without the padding of rows", () => {
    const { data } = decodeBmp(
      bmp(24, [
        [1, 2, 3, 4, 5, 6, 0, 0],
        [7, 8, 9, 10, 11, 12, 0, 0],
      ]),
      100,
    );
    expect([...data]).toEqual([9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4]);
  });

  it.each([
    [
      1,
      [
        [0b1000_0000, 0, 0, 0],
        [0b0100_0000, 0, 0, 0],
      ],
    ],
    [
      4,
      [
        [0x10, 0, 0, 0],
        [0x01, 0, 0, 0],
      ],
    ],
    [
      8,
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ],
    ],
  ])("of %i bits takes its colours from the palette", (bits, rows) => {
    const { data } = decodeBmp(bmp(bits, rows, blackWhite), 100);
    expect([data[0], data[3], data[6], data[9]]).toEqual([0, 255, 255, 0]);
  });

  it("with a negative height stands top row first", () => {
    const { data } = decodeBmp(
      bmp(
        8,
        [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
        ],
        blackWhite,
        { height: -2 },
      ),
      100,
    );
    expect([data[0], data[3], data[6], data[9]]).toEqual([255, 0, 0, 255]);
  });

  it("that is cut, too large, compressed or has no size is refused (it would read past its end)", () => {
    expect(code(bmp(24, [[1, 2, 3]]))).toBe("FILE_DAMAGED");
    expect(code(Buffer.from("BM"))).toBe("FILE_DAMAGED");
    expect(code(bmp(24, [], [], { width: -1 }))).toBe("FILE_DAMAGED");
    expect(code(bmp(24, [], [], { width: 100_000, height: 100_000 }))).toBe("FILE_TOO_LARGE");
    expect(code(bmp(8, [], [], { compression: 1 }))).toBe("FILE_TYPE_UNSUPPORTED");
  });
});

describe("trained data", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "croft-trained-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const file = (offsets: bigint[], length: number) => {
    const bytes = Buffer.alloc(length);
    bytes.writeUInt32LE(offsets.length, 0);
    for (const [index, offset] of offsets.entries()) bytes.writeBigInt64LE(offset, 4 + 8 * index);
    return bytes;
  };

  it.each([
    ["sound", file([-1n, 28n, 40n], 60), true],
    ["with an offset behind its end", file([-1n, 28n, 400n], 60), false],
    ["with offsets out of order", file([40n, 28n, -1n], 60), false],
    ["without any component", file([-1n, -1n, -1n], 60), false],
    ["with a table longer than the file", file([28n], 60).fill(200, 0, 1), false],
    ["empty", Buffer.alloc(0), false],
  ])("that is %s", async (_, bytes, expected) => {
    await writeFile(join(folder, "data.gz"), gzipSync(bytes));
    expect(await isTrainedData(join(folder, "data.gz"))).toBe(expected);
  });

  it("that is not there", async () => {
    expect(await isTrainedData(join(folder, "none.gz"))).toBe(false);
  });
});

describe("the pool of workers", () => {
  const never = new AbortController().signal;

  function fixture(capacity: number) {
    const events: string[] = [];
    const pool = createWorkerPool<{ name: string; terminate(): Promise<void> }>({ capacity });
    let opened = 0;
    const open = (key: string) => async () => {
      opened += 1;
      const name = `${key}${opened}`;
      events.push(`open ${name}`);
      return { name, terminate: async () => void events.push(`end ${name}`) };
    };
    const use = (key: string, work: (name: string) => Promise<string> = async (name) => name, signal = never) =>
      pool.use(key, open(key), signal, ({ name }) => work(name));
    return { pool, events, use };
  }

  it("keeps a worker for its languages, and ends one to make room for others", async () => {
    const { events, use } = fixture(1);
    expect([await use("a"), await use("a"), await use("b")]).toEqual(["a1", "a1", "b2"]);
    expect(events).toEqual(["open a1", "end a1", "open b2"]);
  });

  it("makes the next wait when all work", async () => {
    const { use } = fixture(1);
    const gate = Promise.withResolvers<string>();
    const first = use("a", () => gate.promise);
    const second = use("a");
    gate.resolve("first done");
    expect(await Promise.all([first, second])).toEqual(["first done", "a1"]);
  });

  it("ends a worker whose work is aborted, and gives its place to the next (Tesseract cannot stop by itself)", async () => {
    const { events, use } = fixture(1);
    const controller = new AbortController();
    const began = Promise.withResolvers<void>();
    const call = use(
      "a",
      () => {
        began.resolve();
        return new Promise<string>(() => {});
      },
      controller.signal,
    );
    const next = use("a");
    await began.promise;
    controller.abort(new Error("no longer wanted"));
    await expect(call).rejects.toThrow("no longer wanted");
    expect(await next).toBe("a2");
    expect(events).toEqual(["open a1", "open a2", "end a1"]);
  });

  it("opens the next worker as soon as one is aborted, so that the next page need not wait for it", async () => {
    const { pool, events, use } = fixture(1);
    const controller = new AbortController();
    const call = use("a", () => (controller.abort(new Error("no")), new Promise<string>(() => {})), controller.signal);
    await expect(call).rejects.toThrow("no");
    expect(events).toEqual(["open a1", "open a2", "end a1"]);
    await pool.close();
    expect(events.at(-1)).toBe("end a2");
  });

  it("keeps a worker whose call was aborted before it began", async () => {
    const { pool, events, use } = fixture(1);
    const controller = new AbortController();
    const call = use("a", undefined, controller.signal);
    controller.abort(new Error("no longer wanted"));
    await expect(call).rejects.toThrow("no longer wanted");
    expect(await use("a")).toBe("a1");
    expect(events).toEqual(["open a1"]);
    await pool.close();
  });

  it("opens no other when one is aborted while the pool closes, which nobody would end", async () => {
    const { pool, events, use } = fixture(1);
    const controller = new AbortController();
    const call = use("a", () => new Promise<string>(() => {}), controller.signal);
    await Promise.all([
      pool.close(),
      Promise.resolve().then(() => controller.abort(new Error("no longer wanted"))),
      expect(call).rejects.toThrow("no longer wanted"),
    ]);
    expect(events).not.toContain("open a2");
  });

  it("gives a call that could not open its worker another one the next time", async () => {
    const pool = createWorkerPool<{ terminate(): Promise<void> }>({ capacity: 1 });
    const work = async () => "done";
    const controller = new AbortController();
    const hanging = pool.use(
      "a",
      async () => ({ terminate: async () => {} }),
      controller.signal,
      () => {
        controller.abort(new Error("no"));
        return new Promise<string>(() => {});
      },
    );
    await expect(hanging).rejects.toThrow("no");
    await expect(pool.use("b", () => Promise.reject(new Error("damaged")), never, work)).rejects.toThrow("damaged");
    expect(await pool.use("b", async () => ({ terminate: async () => {} }), never, work)).toBe("done");
    await pool.close();
  });

  it("lets a waiter go that is aborted", async () => {
    const { use } = fixture(1);
    const gate = Promise.withResolvers<string>();
    const first = use("a", () => gate.promise);
    const controller = new AbortController();
    const waiting = use("a", undefined, controller.signal);
    controller.abort(new Error("no longer wanted"));
    await expect(waiting).rejects.toThrow("no longer wanted");
    gate.resolve("done");
    await first;
  });

  it("replaces a worker whose work failed", async () => {
    const { use } = fixture(1);
    await expect(use("a", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await use("a")).toBe("a2");
  });

  it("ends every worker when it closes", async () => {
    const { pool, events, use } = fixture(2);
    await Promise.all([use("a"), use("b")]);
    await pool.close();
    expect(events.filter((event) => event.startsWith("end")).toSorted()).toEqual(["end a1", "end b2"]);
  });
});
