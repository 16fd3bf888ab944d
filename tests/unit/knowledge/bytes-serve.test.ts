import { createHash } from "node:crypto";
import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../../src/main/core/logger.ts";
import { owner, type Principal } from "../../../src/main/core/principal.ts";
import { createFindOriginal, type LendInside } from "../../../src/main/features/knowledge/pages/bytes-original.ts";
import type { PageRequest } from "../../../src/main/features/knowledge/pages/bytes-pages.ts";
import { byteRange } from "../../../src/main/features/knowledge/pages/bytes-range.ts";
import { createServeBytes } from "../../../src/main/features/knowledge/pages/bytes-serve.ts";
import type { StoredLayout } from "../../../src/main/features/knowledge/pages/layout-store.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

const id = "01980000-0000-7000-8000-000000000001";
const content = "0123456789abcdef";
const collection = "01980000-0000-7000-8000-0000000000aa";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A document over one file with a name that wants to be more than a name. */
function setUp(name = "a “deed”; filename=x.html") {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  utimesSync(path, 1000, 1000);
  const layout: StoredLayout = {
    contentHash: sha256(content),
    title: "Deed",
    type: "pdf",
    textHash: "b".repeat(64),
    length: 3,
    warnings: [],
    pages: [{ page: 1, start: 0, end: 3, width: 600, height: 800, source: "text" }],
    collections: [collection],
    files: [{ path, size: content.length, modifiedAt: 1_000_000, pending: false, sourceId: "s1" }],
  };
  const drawn: PageRequest[] = [];
  const inside = { content };
  const lendInside: LendInside = async ({ places }, _signal, use) => {
    const taken = join(temporaryFolder(), `attachment-${places.join("-")}`);
    writeFileSync(taken, inside.content);
    return use(taken);
  };
  const serve = createServeBytes({
    layouts: { find: (wanted) => (wanted === id ? layout : undefined), page: () => undefined, pagesIn: () => [], chunks: () => [] },
    findOriginal: createFindOriginal(lendInside),
    lendInside,
    async drawPage(request, signal) {
      drawn.push(request);
      if ("lend" in request.file) await request.file.lend(signal, async () => {});
      return new Uint8Array([1, 2, 3]);
    },
    passwordOf: async (source) => `password of ${source}`,
  });
  const get = (address: string, init: RequestInit = {}, principal: Principal = owner("browser")) =>
    serve(new Request(`http://core/files/${address}`, init), { principal, log: createLogger(() => {}, Date.now) });
  return { get, layout, path, drawn, inside };
}
const page = `documents/${id}/pages/1?width=640`;
const original = `documents/${id}/original`;

describe("a page", () => {
  it("is a JPEG of the file that the document was read from, opened with its source's password", async () => {
    const { get, drawn, path, layout } = setUp();
    const response = await get(page);
    expect(response.headers.get("content-type")).toBe("image/jpeg");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    expect(drawn).toEqual([
      expect.objectContaining({ file: { path }, page: 1, width: 640, contentHash: layout.contentHash, password: "password of s1" }),
    ]);
  });

  it.each(["0", "640.5", "641", "-640", "1e9", "", "640&width=99999999"])("is not drawn in a width of %j", async (width) => {
    const { get, drawn } = setUp();
    const answer = await get(`documents/${id}/pages/1?width=${width}`).then(
      () => "drawn",
      (error: unknown) => error,
    );
    if (width.startsWith("640&")) expect(drawn.map((request) => request.width)).toEqual([640]);
    else expect(answer).toMatchObject({ code: "INVALID_INPUT" });
  });

  it.each([
    "",
    "documents",
    `documents/${id}`,
    `documents/${id}/pages`,
    `documents/${id}/pages/x?width=640`,
    `documents/${id}/pages/-1?width=640`,
    `documents/${id}/../${id}/secret`,
    `documents/..%2f..%2fetc%2fpasswd/original`,
    `documents/%2fetc%2fpasswd/original`,
    `documents/${id}%00/original`,
    `documents/'; DROP TABLE documents; --/original`,
    `documents/01980000-0000-7000-8000-000000000002/original`,
  ])("and nothing else lies at %j", async (address) => {
    const { get, drawn } = setUp();
    await expect(get(address)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(drawn).toEqual([]);
  });
});

describe("an original", () => {
  it("is to be saved and never to be shown, under its own name and nothing more", async () => {
    const { get } = setUp();
    const response = await get(original);
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    const disposition = response.headers.get("content-disposition") ?? "";
    expect(disposition).toMatch(/^attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+$/);
    expect(decodeURIComponent(disposition.split("''")[1] ?? "")).toBe("a “deed”; filename=x.html");
    expect(await response.text()).toBe(content);
  });

  it.each([
    ["bytes=0-3", 206, "0123", "bytes 0-3/16"],
    ["bytes=10-", 206, "abcdef", "bytes 10-15/16"],
    ["bytes=-4", 206, "cdef", "bytes 12-15/16"],
    ["bytes=12-9999", 206, "cdef", "bytes 12-15/16"],
    ["bytes=0-1,4-5", 200, content, null],
    ["items=0-3", 200, content, null],
    ["bytes=9-3", 200, content, null],
  ])("is given in the range %s", async (range, status, text, contentRange) => {
    const { get } = setUp();
    const response = await get(original, { headers: { range } });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-range")).toBe(contentRange);
    expect(response.headers.get("content-length")).toBe(String(text.length));
    expect(await response.text()).toBe(text);
  });

  it("is described without being read for HEAD, and refused behind its end", async () => {
    const { get } = setUp();
    const head = await get(original, { method: "HEAD" });
    expect([head.headers.get("content-length"), await head.text()]).toEqual(["16", ""]);
    await expect(get(original, { headers: { range: "bytes=16-" } })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("a range", () => {
  it.each([null, "", "bytes=", "bytes=-", "bytes=a-b", "bytes=0x1-2", "bytes=1-2-3", "bytes=99999999999999999999-"])(
    "%j asks for everything",
    (header) => {
      expect(byteRange(header, 10)).toBeUndefined();
    },
  );

  it("of an empty file cannot be met", () => {
    expect(() => byteRange("bytes=0-", 0)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  it("longer than the file, from its end, is the file", () => {
    expect(byteRange("bytes=-99", 10)).toEqual({ first: 0, last: 9 });
  });
});

describe("the file of a document", () => {
  it("that is gone is a typed error that says the text is kept", async () => {
    const { get, path } = setUp();
    renameSync(path, `${path}.away`);
    await expect(get(page)).rejects.toMatchObject({ code: "NOT_FOUND", data: { original: "missing" }, message: /text is kept/ });
  });

  it("that holds something else now is refused, since marks on it would lie, even in the same size", async () => {
    const { get, path } = setUp();
    writeFileSync(path, content.toUpperCase());
    await expect(get(page)).rejects.toMatchObject({ code: "CONFLICT", data: { original: "changed" } });
  });

  it("that was only touched is compared by content, and shown", async () => {
    const { get, path, drawn } = setUp();
    utimesSync(path, 2000, 2000);
    await get(page);
    await get(page);
    expect(drawn).toHaveLength(2);
  });

  it("that waits to be read again is compared too: its size and time are known already", async () => {
    const { get, path, layout } = setUp();
    const other = content.toUpperCase();
    writeFileSync(path, other);
    utimesSync(path, 3000, 3000);
    layout.files = layout.files.map((file) => ({ ...file, modifiedAt: 3_000_000, pending: true }));
    await expect(get(page)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("is looked for in every place where it was read", async () => {
    const { get, path, layout, drawn } = setUp();
    const [file] = layout.files;
    if (!file) throw new Error("no file");
    layout.files = [{ ...file, path: `${path}.gone` }, file];
    await get(page);
    expect(drawn[0]?.file).toEqual({ path });
  });

  it("is no folder, and no file for what never was one", async () => {
    const { get, layout } = setUp();
    layout.files = [{ path: temporaryFolder(), size: 0, modifiedAt: 0, pending: false, sourceId: "s" }];
    await expect(get(original)).rejects.toMatchObject({ code: "NOT_FOUND" });
    layout.files = [];
    await expect(get(original)).rejects.toMatchObject({ code: "NOT_SUPPORTED", data: { original: "none" } });
  });
});

describe("a file inside a mail", () => {
  function attached() {
    const made = setUp("mail.eml");
    const { layout, path } = made;
    const [file] = layout.files;
    if (!file) throw new Error("no file");
    layout.files = [{ ...file, path: `${path} › deed.pdf`, size: 16, inside: { container: path, places: [1] } }];
    return made;
  }

  it("is drawn, and saved under its own name, in ranges too", async () => {
    const { get, drawn } = attached();
    await get(page);
    expect(drawn).toHaveLength(1);
    const response = await get(original, { headers: { range: "bytes=10-" } });
    expect(response.headers.get("content-disposition")).toContain("''deed.pdf");
    expect([response.status, response.headers.get("content-range"), await response.text()]).toEqual([206, "bytes 10-15/16", "abcdef"]);
  });

  it("that is another one now is neither drawn nor given out, although its mail looks untouched", async () => {
    const { get, inside } = attached();
    inside.content = "something else";
    await expect(get(page)).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(get(original)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("is compared where the mail was touched", async () => {
    const { get, path, inside, drawn } = attached();
    utimesSync(path, 2000, 2000);
    await get(page);
    expect(drawn).toHaveLength(1);
    inside.content = "something else";
    utimesSync(path, 3000, 3000);
    await expect(get(page)).rejects.toMatchObject({ code: "CONFLICT", data: { original: "changed" } });
  });

  it("is missing with its mail", async () => {
    const { get, path } = attached();
    renameSync(path, `${path}.away`);
    await expect(get(page)).rejects.toMatchObject({ code: "NOT_FOUND", data: { original: "missing" } });
  });
});

describe("who may not see a document", () => {
  it("is told that there is none, or may read nothing at all", async () => {
    const { get } = setUp();
    const stranger = { ...owner("api-key"), collections: new Set(["another"]) };
    await expect(get(original, {}, stranger)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(get(original, {}, { ...owner("api-key"), collections: new Set([collection]) })).resolves.toMatchObject({ status: 200 });
    await expect(get(original, {}, { ...owner("api-key"), effects: new Set() })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
