import { afterAll, describe, expect, test } from "vitest";
import { createReaders } from "../../src/main/engines/readers/readers.ts";
import type { ClockItem } from "../../src/main/engines/readers/protocol.ts";
import { codeOf } from "../helpers/engine-hosts.ts";
import { fixtureFolder } from "../helpers/make-fixtures.ts";
import { makePdf } from "../helpers/make-pdf.ts";
import { limits, readAll } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());

async function extract(
  path: string,
  index: number,
  { bytes = limits.bytes, signal = new AbortController().signal }: { bytes?: number; signal?: AbortSignal } = {},
) {
  const engine = await createReaders({});
  const clocks: ClockItem[] = [];
  const context = { signal, emit: (item: ClockItem) => void clocks.push(item), checkpoint: async () => signal.throwIfAborted() };
  return { ...(await engine.methods.extract({ path, index, limits: { ...limits, bytes } }, context)), clocks };
}

/** A PDF of one empty page with these files inside, by name. */
function pdfWith(embedded: Record<string, string>): Buffer {
  const names = Object.keys(embedded);
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [${names.map((name, index) => `(${index}) ${4 + index * 2} 0 R`).join(" ")}] >> >> >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ...names.flatMap((name, index) => [
      `<< /Type /Filespec /F (${name}) /UF (${name}) /EF << /F ${5 + index * 2} 0 R >> >>`,
      `<< /Type /EmbeddedFile /Length ${embedded[name]?.length} >>\nstream\n${embedded[name]}\nendstream`,
    ]),
  ];
  const body = objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join("");
  return Buffer.from(`%PDF-1.7\n${body}trailer\n<< /Root 1 0 R /Size ${objects.length + 1} >>\nstartxref\n0\n%%EOF\n`, "latin1");
}

describe("files inside a PDF", () => {
  const path = files.file("papers.pdf", pdfWith({ "costs.csv": "a,b", "../../etc/notes.txt": "some words" }));

  test("are listed, and come out at the place they are listed at", async () => {
    const { attachments } = await readAll(path);
    expect(attachments.map(({ bytes }) => bytes)).toEqual([3, 10]);
    for (const [index, expected] of ["a,b", "some words"].entries())
      expect(Buffer.from((await extract(path, index)).bytes).toString()).toBe(expected);
  });

  test("come out under a name without folders", async () => {
    expect((await extract(path, 1)).name).toBe("notes.txt");
  });

  test("that are not there, or too large, have a code", async () => {
    expect(await codeOf(extract(path, 2))).toBe("NOT_FOUND");
    expect(await codeOf(extract(path, 1, { bytes: 5 }))).toBe("FILE_TOO_LARGE");
    expect(await codeOf(extract(files.file("plain.pdf", makePdf([{}])), 0))).toBe("NOT_FOUND");
  });

  test("are taken out while the watchdog's clock runs, and not when the call was cancelled", async () => {
    expect((await extract(path, 0)).clocks[0]).toEqual({ kind: "clock", running: true });
    const control = new AbortController();
    control.abort();
    await expect(extract(path, 0, { signal: control.signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});

test("formats without attachments have none to take out, and a file that cannot be read keeps its own reason", async () => {
  expect(await codeOf(extract(files.file("a.txt", "words"), 0))).toBe("NOT_FOUND");
  expect(await codeOf(extract(files.file("empty.eml", ""), 0))).toBe("FILE_EMPTY");
  expect(await codeOf(extract(files.file("fake.pdf", "words"), 0))).toBe("FILE_DAMAGED");
});
