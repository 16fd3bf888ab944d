import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, test } from "vitest";
import { codeOf } from "../helpers/engine-hosts.ts";
import { fixtureFolder } from "../helpers/make-fixtures.ts";
import { makePdf } from "../helpers/make-pdf.ts";
import { openReading } from "../helpers/reading-engines.ts";

const files = fixtureFolder();
const { reading, close } = openReading();
afterAll(async () => {
  await close();
  files.close();
});

const control = () => ({ signal: new AbortController().signal, priority: "background" as const });
const options = { ocr: "never" as const, languages: [] };
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("croft-attachment-"));

/** A mail with these attachments. */
function mailWith(attachments: { name: string; type: string; content: Uint8Array }[]): Buffer {
  const parts = attachments.map(
    ({ name, type, content }) =>
      `--x\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString("base64")}\r\n`,
  );
  return Buffer.from(
    `From: a@example.com\r\nSubject: Papers\r\nDate: Tue, 29 Jul 2025 12:42:06 +0200\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nSee below.\r\n${parts.join("")}--x--\r\n`,
  );
}

const note = { name: "note.md", type: "text/markdown", content: Buffer.from("# Costs\n\nBolts are 3.50.") };

describe("attachments of a mail, read as documents", () => {
  test("a document inside is read by its own reader, with its own structure", async () => {
    const pdf = makePdf([{ texts: [{ x: 72, y: 72, text: "The bridge is closed.", size: 12 }] }]);
    const path = files.file("papers.eml", mailWith([note, { name: "report.pdf", type: "application/pdf", content: pdf }]));
    const first = await reading.readPlace({ path, places: [0] }, options, control());
    expect(first).toMatchObject({ name: "note.md", text: "# Costs\n\nBolts are 3.50.", head: { type: "md", title: "Costs" } });
    const second = await reading.readPlace({ path, places: [1] }, options, control());
    expect(second).toMatchObject({ name: "report.pdf", text: "The bridge is closed.", head: { type: "pdf", pages: 1 } });
    expect(second.geometry[0]?.starts.length).toBe(4);
  });

  test("a file inside a file inside is reached by its places, as deep as allowed", async () => {
    let inner = mailWith([note]);
    for (let depth = 0; depth < 3; depth += 1) inner = mailWith([{ name: "inner.bin", type: "application/octet-stream", content: inner }]);
    const path = files.file("deep.eml", inner);
    expect((await reading.readPlace({ path, places: [0, 0, 0, 0] }, options, control())).text).toContain("Bolts are 3.50.");
    expect(await codeOf(reading.readPlace({ path, places: [0, 0, 0, 0, 0] }, options, control()))).toBe("INVALID_INPUT");
    expect((await reading.readPlace({ path, places: [] }, options, control())).head.type).toBe("eml");
  });

  test("what is not there, or cannot be read, has the code of its reason", async () => {
    const path = files.file(
      "odd.eml",
      mailWith([
        { name: "a.zip", type: "application/zip", content: Buffer.from("PK\u0003\u0004 rest") },
        { name: "empty.txt", type: "text/plain", content: new Uint8Array() },
      ]),
    );
    expect(await codeOf(reading.readPlace({ path, places: [7] }, options, control()))).toBe("NOT_FOUND");
    expect(await codeOf(reading.readPlace({ path, places: [0] }, options, control()))).toMatch(/FILE_TYPE_UNSUPPORTED|FILE_DAMAGED/);
    expect(await codeOf(reading.readPlace({ path, places: [1] }, options, control()))).toBe("FILE_EMPTY");
    expect(await codeOf(reading.readPlace({ path: files.file("plain.txt", "words"), places: [0] }, options, control()))).toBe("NOT_FOUND");
  });

  test("nothing is left behind, neither after success nor after failure or cancel", async () => {
    const before = left();
    const path = files.file("tidy.eml", mailWith([note]));
    await reading.readPlace({ path, places: [0] }, options, control());
    await codeOf(reading.readPlace({ path, places: [3] }, options, control()));
    const aborted = new AbortController();
    aborted.abort();
    await expect(reading.readPlace({ path, places: [0] }, options, { signal: aborted.signal, priority: "background" })).rejects.toThrow();
    expect(left().filter((name) => !before.includes(name))).toEqual([]);
  });
});
