import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it, vi } from "vitest";
import { createHeldDocuments } from "../../src/main/engines/pages/held-documents.ts";
import { createPages } from "../../src/main/engines/pages/pages.ts";
import { makeBook } from "../helpers/make-book.ts";
import { makePdf } from "../helpers/make-pdf.ts";
import { temporaryFolder } from "../helpers/profile.ts";
import { limits } from "../helpers/readers.ts";

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

async function draw(path: string, more: { page?: number; width?: number; revision?: string; signal?: AbortSignal } = {}) {
  const engine = await createPages({});
  const { page = 1, width = 640, revision = "r", signal = new AbortController().signal } = more;
  try {
    return await engine.methods.draw({ path, revision, page, width, limits }, { signal, emit: () => {}, checkpoint: async () => {} });
  } finally {
    await engine.dispose();
  }
}

/** Share of dark pixels in a box of points of an A4 page. */
async function inkIn({ image, width }: { image: Uint8Array; width: number }, [x0, y0, x1, y1]: number[]): Promise<number> {
  const scale = width / 595;
  const region = {
    left: Math.round((x0 ?? 0) * scale),
    top: Math.round((y0 ?? 0) * scale),
    width: Math.round(((x1 ?? 0) - (x0 ?? 0)) * scale),
    height: Math.round(((y1 ?? 0) - (y0 ?? 0)) * scale),
  };
  const { data } = await sharp(image).extract(region).greyscale().raw().toBuffer({ resolveWithObject: true });
  return data.filter((grey) => grey < 128).length / data.length;
}

describe("a drawn page of a PDF", () => {
  const book = makeBook(40, [{ page: 33, sentence: "The telescope lies below the third stair." }]);

  it("shows its words where they were said to be, in the width that was asked for", async () => {
    const path = fileOf("book.pdf", book.bytes);
    for (const width of [320, 960]) {
      const drawn = await draw(path, { page: 33, width });
      expect(drawn.width).toBe(width);
      expect(drawn.height / drawn.width).toBeCloseTo(842 / 595, 2);
      expect(await sharp(drawn.image).metadata()).toMatchObject({ format: "jpeg", width, hasAlpha: false });
      expect(await inkIn(drawn, book.boxOf(33))).toBeGreaterThan(0.05);
      expect(await inkIn(drawn, [72, 400, 500, 800])).toBe(0);
    }
  });

  it("is turned as its page is", async () => {
    const path = fileOf("turned.pdf", makePdf([{ rotate: 90, texts: [{ x: 72, y: 72, text: "Turned" }] }]));
    const { width, height } = await draw(path, { width: 842 });
    expect([width, height]).toEqual([842, 595]);
  });

  it("has no more pixels than allowed, however wide it is wanted", async () => {
    const path = fileOf("book.pdf", book.bytes);
    const { width, height } = await draw(path, { width: 1_000_000 });
    expect(width * height).toBeLessThanOrEqual(limits.pixels * 1.01);
  });

  it.each([0, -1, 41, 1e6])("number %d is refused", async (page) => {
    await expect(draw(fileOf("book.pdf", book.bytes), { page })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("is not drawn for who has left", async () => {
    await expect(draw(fileOf("book.pdf", book.bytes), { signal: AbortSignal.abort() })).rejects.toBeDefined();
  });

  // Catches: the whole engine handing the signal of one page to the document that another waits for.
  it("is drawn although who asked for another page of it first has left", async () => {
    const engine = await createPages({});
    const path = fileOf("book.pdf", book.bytes);
    const draws = (page: number, revision: string, signal: AbortSignal) =>
      engine.methods.draw({ path, revision, page, width: 320, limits }, { signal, emit: () => {}, checkpoint: async () => {} });
    try {
      // It leaves at every moment of the opening, one of which is that in which the file is read.
      for (let turns = 0; turns < 16; turns += 1) {
        const leaving = new AbortController();
        const [left, wanted] = [draws(1, `r${turns}`, leaving.signal), draws(2, `r${turns}`, new AbortController().signal)];
        for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        leaving.abort();
        await left.catch(() => {});
        expect((await wanted).width).toBe(320);
      }
    } finally {
      await engine.dispose();
    }
  });

  it.each([
    ["a stump", Buffer.from("%PDF-1.7 nothing more"), "FILE_DAMAGED"],
    ["text", Buffer.from("only words"), "NOT_SUPPORTED"],
    ["a page of HTML", Buffer.from("<!doctype html><script>1</script>"), "NOT_SUPPORTED"],
  ])("is none of %s", async (_, bytes, code) => {
    await expect(draw(fileOf("thing.txt".replace("txt", code === "FILE_DAMAGED" ? "pdf" : "txt"), bytes))).rejects.toMatchObject({ code });
  });
});

describe("pages of a large file", () => {
  /** A book behind a picture of five megabytes that stands on its first page. */
  async function largeBook() {
    const side = 1300;
    const noise = Buffer.alloc(side * side * 3);
    for (let seed = 1, at = 0; at < noise.length; at += 1) noise[at] = (seed = (seed * 1103515245 + 12345) % 2 ** 31) >> 16;
    const jpeg = await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
      .jpeg({ quality: 100, chromaSubsampling: "4:4:4" })
      .toBuffer();
    const bytes = makePdf([
      { images: [{ jpeg, width: side, height: side, x: 72, y: 72, w: 400, h: 400 }] },
      { texts: [{ x: 72, y: 300, text: "The telescope lies below the third stair." }] },
    ]);
    expect(bytes.length).toBeGreaterThan(4.5 * 1024 * 1024);
    return fileOf("large.pdf", bytes);
  }
  const where = [72, 290, 250, 302];

  it("are drawn from the parts that they need", async () => {
    expect(await inkIn(await draw(await largeBook(), { page: 2 }), where)).toBeGreaterThan(0.05);
  });

  it("are drawn from the whole of a file whose end is broken, which only the whole tells", async () => {
    const path = await largeBook();
    appendFileSync(path, Buffer.alloc(4000, "\n%broken"));
    expect(await inkIn(await draw(path, { page: 2 }), where)).toBeGreaterThan(0.05);
  });

  it("are an error when the file changes between two of them, and not a page that is never finished", async () => {
    const path = await largeBook();
    const engine = await createPages({});
    const input = { path, revision: "r", width: 320, limits };
    const context = { signal: new AbortController().signal, emit: () => {}, checkpoint: async () => {} };
    await engine.methods.draw({ ...input, page: 2 }, context);
    writeFileSync(path, Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(6 * 1024 * 1024)]));
    await expect(engine.methods.draw({ ...input, page: 1 }, context)).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
    await engine.dispose();
  });
});

describe("a page of a temporary file", () => {
  it("is drawn from what is held of it, wherever the next one lies", async () => {
    const engine = await createPages({});
    const context = { signal: new AbortController().signal, emit: () => {}, checkpoint: async () => {} };
    const input = { revision: "r", temporary: true, width: 320, limits };
    const first = fileOf("a.pdf", makeBook(2, [{ page: 2, sentence: "The telescope lies below the third stair." }]).bytes);
    await engine.methods.draw({ ...input, path: first, page: 1 }, context);
    rmSync(first);
    const other = fileOf("b.pdf", makePdf([{}, {}]));
    expect(await inkIn(await engine.methods.draw({ ...input, path: other, page: 2 }, context), [72, 290, 250, 302])).toBeGreaterThan(0.03);
    await engine.dispose();
  });
});

describe("a drawn picture", () => {
  const picture = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: "#fff" } });

  it.each(["png", "jpeg", "webp", "tiff", "gif"] as const)("of type %s is a JPEG that a browser shows", async (format) => {
    const path = fileOf(`scan.${format}`, await picture(400, 300).toFormat(format).toBuffer());
    const drawn = await draw(path, { width: 200 });
    expect(drawn).toMatchObject({ width: 200, height: 150 });
    expect(await sharp(drawn.image).metadata()).toMatchObject({ format: "jpeg" });
  });

  it("is never larger than it is, and is turned upright as its EXIF says", async () => {
    const path = fileOf("photo.jpg", await picture(400, 300).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(await draw(path, { width: 2560 })).toMatchObject({ width: 300, height: 400 });
  });

  it("that has more pixels than can be decoded is refused before it is", async () => {
    const path = fileOf("bomb.png", await picture(12_000, 12_000).png().toBuffer());
    await expect(draw(path)).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  });
});

describe("held documents", () => {
  const staying = new AbortController().signal;
  function held(capacity = 2) {
    const closed: string[] = [];
    const opened: string[] = [];
    const documents = createHeldDocuments<string>(capacity, async (one) => void closed.push(one));
    const use = <Result>(key: string, work: (document: string) => Promise<Result> = async () => key as Result) =>
      documents.use(key, async () => (opened.push(key), key), work, staying);
    return { documents, closed, opened, use };
  }

  it("are opened once, and the one that was used longest ago is closed for another", async () => {
    const { use, opened, closed } = held();
    for (const key of ["a", "b", "a", "c", "a", "b"]) await use(key);
    expect(opened).toEqual(["a", "b", "c", "b"]);
    expect(closed).toEqual(["b", "c"]);
  });

  it("are not closed while somebody draws from them", async () => {
    const { use, closed } = held(1);
    const drawing = Promise.withResolvers<void>();
    const slow = use("a", () => drawing.promise);
    await use("b");
    expect(closed).toEqual([]);
    drawing.resolve();
    await slow;
    expect(closed).toEqual(["a"]);
  });

  it("are let go when drawing fails, since nobody knows what state they are in, and tried again", async () => {
    const { use, opened, closed } = held();
    await expect(use("a", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await use("a");
    expect(opened).toEqual(["a", "a"]);
    expect(closed).toEqual(["a"]);
  });

  it("that cannot be opened are not remembered", async () => {
    const { documents, closed } = held();
    const failing = () =>
      documents.use(
        "x",
        () => Promise.reject(new Error("locked")),
        async () => 1,
        staying,
      );
    await expect(failing()).rejects.toThrow("locked");
    await expect(
      documents.use(
        "x",
        async () => "x",
        async () => 2,
        staying,
      ),
    ).resolves.toBe(2);
    expect(closed).toEqual([]);
  });

  /** A document whose opening ends when a test says so, or when it is given up. */
  function slowOpening() {
    const opening = Promise.withResolvers<string>();
    const signals: AbortSignal[] = [];
    const open = (signal: AbortSignal) => {
      signals.push(signal);
      signal.addEventListener("abort", () => opening.reject(signal.reason), { once: true });
      return opening.promise;
    };
    return { open, signals, done: () => opening.resolve("a") };
  }

  // Catches: a page that somebody still looks at and that is refused, because another who asked first has left.
  it("are opened on for the others when one leaves who asked first", async () => {
    const { documents } = held();
    const { open, signals, done } = slowOpening();
    const leaving = new AbortController();
    const first = documents.use("a", open, async () => 1, leaving.signal);
    const second = documents.use("a", open, async () => 2, staying);
    leaving.abort();
    await expect(first).rejects.toBe(leaving.signal.reason);
    const third = documents.use("a", open, async () => 3, staying);
    done();
    expect(await Promise.all([second, third])).toEqual([2, 3]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  // Catches: a large file that is read to its end for nobody, and a page that is never drawn again after it.
  it("are no longer opened when all have left, and anew for who comes back", async () => {
    const { documents, use, closed } = held();
    const { open, signals } = slowOpening();
    const leaving = new AbortController();
    const both = [1, 2].map((page) => documents.use("a", open, async () => page, leaving.signal));
    leaving.abort();
    for (const one of both) await expect(one).rejects.toBe(leaving.signal.reason);
    await vi.waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true]));
    expect(await use("a", async (document) => document)).toBe("a");
    expect(closed).toEqual([]);
  });

  it("are all closed at the end", async () => {
    const { documents, use, closed } = held();
    await use("a");
    await use("b");
    await documents.closeAll();
    expect(closed.toSorted()).toEqual(["a", "b"]);
  });
});
