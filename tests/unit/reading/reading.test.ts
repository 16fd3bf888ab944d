import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, test, vi } from "vitest";
import type { Priority } from "../../../src/main/engines/engine.ts";
import type { EngineHost } from "../../../src/main/engines/engine.ts";
import type { OcrProtocol, RecognizeOutput } from "../../../src/main/engines/ocr/protocol.ts";
import type { ReadersProtocol, ReadItem, ReadOutput, ReadPage } from "../../../src/main/engines/readers/protocol.ts";
import { createReading, toReadResult } from "../../../src/main/features/knowledge/reading/index.ts";
import { ReadResult } from "../../../src/shared/contract/reading.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { codeOf, recordingLog } from "../../helpers/engine-hosts.ts";
import { fixtureFolder } from "../../helpers/make-fixtures.ts";

const files = fixtureFolder();
const path = files.file("any.pdf", "bytes");
afterAll(() => files.close());

const control = (signal = new AbortController().signal) => ({ signal, priority: "interactive" as Priority });
const options = { ocr: "auto" as const, languages: [] };

type Script = {
  read?: (emit: (item: ReadItem) => void, signal: AbortSignal) => Promise<ReadOutput>;
  recognize?: (image: Uint8Array, signal: AbortSignal) => Promise<RecognizeOutput>;
  language?: (sample: string) => Promise<string | undefined>;
};

const nothing: ReadOutput = { tables: [], attachments: [], warnings: [] };
const page = (number: number, text: string, extra: Partial<ReadPage> = {}): ReadItem => ({
  kind: "page",
  page: {
    page: number,
    text,
    blocks: text === "" ? [] : [{ kind: "paragraph", start: 0, end: text.length }],
    width: 100,
    height: 200,
    needsOcr: false,
    ...extra,
  },
});
const head = (pages: number): ReadItem => ({ kind: "head", head: { type: "pdf", mime: "application/pdf", metadata: {}, pages } });

/** Hosts at the engines' seam: what they answer is the test's script. */
function hosts(script: Script) {
  const base = { state: "ready" as const, generation: 1, onState: () => () => {}, stop: async () => {}, close: async () => {} };
  const untilAborted = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(new AppError("ABORTED", "stopped"))));
  const languages: string[][] = [];
  const rastered: number[] = [];
  const readers = {
    ...base,
    name: "readers",
    async call(
      method: string,
      input: { page?: number; sample?: string },
      { signal = new AbortController().signal, onItem }: { signal?: AbortSignal; onItem?: (item: ReadItem) => void } = {},
    ) {
      if (method === "raster") {
        rastered.push(input.page ?? 0);
        return { image: Uint8Array.of(input.page ?? 0), width: 200, height: 400, scale: 2 };
      }
      if (method === "language") return script.language?.(input.sample ?? "");
      const emit = (item: ReadItem) => onItem?.(item);
      return Promise.race([untilAborted(signal), script.read?.(emit, signal) ?? nothing]);
    },
  } as unknown as EngineHost<ReadersProtocol>;
  const ocr = {
    ...base,
    name: "ocr",
    async call(
      _method: string,
      input: { image: Uint8Array; languages: string[] },
      { signal = new AbortController().signal }: { signal?: AbortSignal } = {},
    ) {
      languages.push(input.languages);
      return Promise.race([untilAborted(signal), script.recognize?.(input.image, signal)]);
    },
  } as unknown as EngineHost<OcrProtocol>;
  const { log } = recordingLog();
  return { reading: createReading({ readers, ocr, log }), languages, rastered };
}

const recognised = (text: string): RecognizeOutput => ({
  words: text
    .split(" ")
    .map((word, index) => ({ text: word, box: [index * 40, 10, index * 40 + 30, 30], confidence: 0.8, line: 0, block: 0 })),
  confidence: 0.8,
  width: 200,
  height: 400,
  rotation: 0,
});

describe("a document", () => {
  test("is its pages in one text, every offset counted in the whole", async () => {
    const words = { starts: Uint32Array.of(0), ends: Uint32Array.of(3), boxes: Float32Array.of(1, 2, 3, 4) };
    const { reading } = hosts({
      async read(emit) {
        emit(head(3));
        emit(page(1, "One"));
        emit(page(2, ""));
        emit(page(3, "Two here", { words }));
        return { ...nothing, tables: [{ page: 3, start: 0, end: 3, rows: [["Two"]] }] };
      },
    });
    const read = await reading.readDocument(path, options, control());
    expect(read.text).toBe("One\n\nTwo here");
    expect(read.pages.map(({ start, end }) => read.text.slice(start, end))).toEqual(["One", "", "Two here"]);
    expect(read.blocks.map(({ start, end }) => read.text.slice(start, end))).toEqual(["One", "Two here"]);
    expect(read.tables.map(({ start, end }) => read.text.slice(start, end))).toEqual(["Two"]);
    expect(read.textHash).toMatch(/^[0-9a-f]{64}$/);
    const result = ReadResult.parse(toReadResult(path, read));
    expect(result.pages[2]?.words?.map(({ start, end, box }) => [result.text.slice(start, end), box])).toEqual([["Two", [1, 2, 3, 4]]]);
  });

  test("whose pages are scanned has recognised text where the file has none", async () => {
    const progress: string[] = [];
    const { reading, rastered, languages } = hosts({
      async read(emit) {
        emit(head(3));
        emit(page(1, "Typed text"));
        emit(page(2, "", { needsOcr: true }));
        emit(page(3, "", { needsOcr: true }));
        return nothing;
      },
      recognize: async (image) => recognised(image[0] === 2 ? "second page" : "third page"),
    });
    const read = await reading.readDocument(
      path,
      { ocr: "auto", languages: ["deu"] },
      { ...control(), onPage: ({ done, total }) => progress.push(`${done}/${total}`) },
    );
    expect(read.text).toBe("Typed text\n\nsecond page\n\nthird page");
    expect(read.pages.map(({ source, confidence }) => [source, confidence])).toEqual([
      ["text", undefined],
      ["ocr", 0.8],
      ["ocr", 0.8],
    ]);
    expect([...(read.geometry[1]?.boxes ?? [])].slice(0, 4)).toEqual([0, 5, 15, 15]);
    expect(rastered.sort()).toEqual([2, 3]);
    expect(languages).toEqual([["deu"], ["deu"]]);
    expect(progress.at(-1)).toBe("5/5");
  });

  test("is recognised everywhere or nowhere when asked", async () => {
    const script: Script = {
      async read(emit) {
        emit(head(2));
        emit(page(1, "Typed"));
        emit(page(2, "", { needsOcr: true }));
        return nothing;
      },
      recognize: async () => recognised("recognised words"),
    };
    expect(
      (await hosts(script).reading.readDocument(path, { ocr: "always", languages: [] }, control())).pages.map(({ source }) => source),
    ).toEqual(["ocr", "ocr"]);
    expect((await hosts(script).reading.readDocument(path, { ocr: "never", languages: [] }, control())).text).toBe("Typed");
  });

  test("keeps a page's own text when recognition finds less", async () => {
    const { reading } = hosts({
      async read(emit) {
        emit(head(1));
        emit(page(1, "A caption below a large photograph", { needsOcr: true }));
        return nothing;
      },
      recognize: async () => recognised("noise"),
    });
    expect(await reading.readDocument(path, options, control())).toMatchObject({
      text: "A caption below a large photograph",
      pages: [{ source: "text" }],
    });
  });

  test("is not failed by a page that cannot be recognised", async () => {
    const { reading } = hosts({
      async read(emit) {
        emit(head(2));
        emit(page(1, "", { needsOcr: true }));
        emit(page(2, "", { needsOcr: true }));
        return nothing;
      },
      async recognize(image) {
        if (image[0] === 1) throw new AppError("ENGINE_EXITED", "gone");
        return recognised("still here");
      },
    });
    const read = await reading.readDocument(path, options, control());
    expect(read.text).toBe("still here");
    expect(read.warnings).toMatchObject([{ code: "OCR_FAILED", page: 1 }]);
  });

  test("without any text says so", async () => {
    const { reading } = hosts({
      async read(emit) {
        emit(head(1));
        emit(page(1, ""));
        return nothing;
      },
    });
    expect((await reading.readDocument(path, options, control())).warnings).toMatchObject([{ code: "NO_TEXT" }]);
  });

  // Catches a detector that is loaded and run where core answers: 400 ms at the first document.
  test("tells its language in the readers' process, by the middle of its text", async () => {
    const samples: string[] = [];
    const { reading } = hosts({
      async read(emit) {
        emit(head(1));
        emit(page(1, `${"x".repeat(5000)} middle ${"y".repeat(5000)}`));
        return nothing;
      },
      async language(sample) {
        samples.push(sample);
        return "de";
      },
    });
    expect((await reading.readDocument(path, options, control())).language).toBe("de");
    expect(samples.map((sample) => [sample.length, sample.includes(" middle ")])).toEqual([[4000, true]]);
  });

  // Catches a good file that fails because another one took the readers' process along while its language was told.
  test("is read although the process is lost while its language is told", async () => {
    const read = (language: NonNullable<Script["language"]>) =>
      hosts({
        language,
        async read(emit) {
          emit(head(1));
          emit(page(1, "Text"));
          return nothing;
        },
      }).reading.readDocument(path, options, control());
    const lost = new AppError("ENGINE_EXITED", "The process ended.");
    let calls = 0;
    const lostOnce = () => (calls++ === 0 ? Promise.reject(lost) : Promise.resolve("fr"));
    expect((await read(lostOnce)).language).toBe("fr");
    expect(await read(() => Promise.reject(lost))).toMatchObject({ text: "Text", language: undefined });
    await expect(read(() => Promise.reject(new AppError("CLOSED", "Closing.")))).rejects.toMatchObject({ code: "CLOSED" });
  });
});

describe("a file that goes wrong", () => {
  test("makes no progress: it is given up, and waiting for the cores does not count", async () => {
    vi.useFakeTimers();
    try {
      let running: (item: ReadItem) => void = () => {};
      const { reading } = hosts({
        read: (emit) => {
          running = emit;
          emit({ kind: "clock", running: true });
          emit({ kind: "clock", running: false });
          return new Promise(() => {});
        },
      });
      const outcome = codeOf(reading.readDocument(path, options, control()));
      let settled = false;
      void outcome.then(() => (settled = true));
      await vi.advanceTimersByTimeAsync(10 * 60_000);
      expect(settled).toBe(false);
      running({ kind: "clock", running: true });
      await vi.advanceTimersByTimeAsync(25_000);
      expect(await outcome).toBe("TIMEOUT");
    } finally {
      vi.useRealTimers();
    }
  });

  test("takes its process down: it is called hostile, unless another file shared the process", async () => {
    let calls = 0;
    const crash = () => {
      calls += 1;
      return Promise.reject(new AppError("ENGINE_EXITED", "gone"));
    };
    expect(await codeOf(hosts({ read: crash }).reading.readDocument(path, options, control()))).toBe("FILE_HOSTILE");
    expect(calls).toBe(1);

    const { promise: crashed, reject } = Promise.withResolvers<never>();
    let tries = 0;
    const shared = hosts({
      async read(emit) {
        tries += 1;
        if (tries <= 2) return crashed;
        emit(head(1));
        emit(page(1, "innocent"));
        return nothing;
      },
    });
    const both = [shared.reading.readDocument(path, options, control()), shared.reading.readDocument(path, options, control())];
    reject(new AppError("ENGINE_EXITED", "gone"));
    expect((await Promise.all(both)).map(({ text }) => text)).toEqual(["innocent", "innocent"]);
  });

  test("is cancelled: the caller is told so, during reading and during recognition", async () => {
    for (const where of ["read", "recognize"] as const) {
      const stop = new AbortController();
      const { reading } = hosts({
        async read(emit) {
          if (where === "read") {
            stop.abort();
            return new Promise(() => {});
          }
          emit(head(1));
          emit(page(1, "", { needsOcr: true }));
          return nothing;
        },
        recognize() {
          stop.abort();
          return new Promise(() => {});
        },
      });
      expect(await codeOf(reading.readDocument(path, options, control(stop.signal)))).toBe("ABORTED");
    }
  });
});

test("a half character or NUL from an engine cannot change the stored text's hash", async () => {
  writeFileSync(path, "bytes");
  const { reading } = hosts({
    async read(emit) {
      emit(head(1));
      emit(page(1, "", { needsOcr: true }));
      return nothing;
    },
    recognize: async () => recognised("a\u0000b \ud83d"),
  });
  const { text } = await reading.readDocument(path, options, control());
  expect(text.isWellFormed()).toBe(true);
  expect(text).toBe("ab \ufffd");
});
