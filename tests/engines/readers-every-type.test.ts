import { afterAll, describe, expect, test } from "vitest";
import { codeOf } from "../helpers/engine-hosts.ts";
import { everyType, makePptx, pptxText, WORD } from "../helpers/every-type.ts";
import { fixtureFolder } from "../helpers/make-fixtures.ts";
import { readAll } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());
const made = await everyType();
const types = Object.keys(made);
const bytesOf = (type: string) => made[type] ?? new Uint8Array();
const isPicture = (type: string) => ["png", "jpg", "tiff", "webp"].includes(type);
/** Told by its name alone: any text may be one. */
const isNamed = (type: string) => ["txt", "md", "csv"].includes(type);

describe.each(types)("%s", (type) => {
  test("is read: its text, or a page whose text is to be recognised", async () => {
    const { head, text, pages } = await readAll(files.file(`a.${type}`, bytesOf(type)));
    expect(head.type).toBe(type);
    if (isPicture(type)) expect(pages.map(({ needsOcr }) => needsOcr)).toEqual([true]);
    else expect(text).toContain(WORD);
  });

  test("without content is empty, and says so", async () => {
    expect(await codeOf(readAll(files.file(`empty.${type}`, "")))).toBe("FILE_EMPTY");
  });

  test("cut short is read as far as it goes, or refused with a reason of the file", async () => {
    const whole = bytesOf(type);
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const path = files.file(`cut-${share}.${type}`, whole.subarray(0, Math.max(1, Math.floor(whole.length * share))));
      const outcome = await readAll(path).then(
        () => "read",
        (error: { code?: string }) => error.code,
      );
      expect(outcome).toMatch(/^(?:read|FILE_(?:DAMAGED|EMPTY|TYPE_UNSUPPORTED))$/);
    }
  });

  test("of noise behind its own first bytes ends with a reason or a text, never with the process", async () => {
    const whole = Buffer.from(bytesOf(type));
    // The same noise in every run.
    for (let at = 64; at < whole.length; at += 1) whole[at] = (at * 2_654_435_761) >>> 24;
    const outcome = await readAll(files.file(`noise.${type}`, whole)).then(
      () => "read",
      (error: { code?: string }) => error.code,
    );
    expect(outcome).toMatch(/^(?:read|FILE_[A-Z_]+)$/);
  });
});

describe.each(types.filter((type) => !isNamed(type)))("%s", (type) => {
  test("is known by its content, under no name and under a wrong one", async () => {
    for (const name of ["nameless", `wrong-${type}.txt`, `wrong-${type}.data`]) {
      const { head } = await readAll(files.file(name, bytesOf(type)));
      expect(head.type).toBe(type);
    }
  });
});

describe.each(types.filter(isNamed))("%s, which has no signature,", (type) => {
  // Catches: text that is lost for want of a name, or taken for something that it does not say it is.
  test("is plain text under no name and under one that says nothing", async () => {
    for (const name of [`nameless-${type}`, `wrong-${type}.data`]) {
      const { head, text } = await readAll(files.file(name, bytesOf(type)));
      expect(head.type).toBe("txt");
      expect(text).toContain(WORD);
    }
  });

  test("under the name of what it is not is refused as a damaged one", async () => {
    expect(await codeOf(readAll(files.file(`wrong-${type}.pdf`, bytesOf(type))))).toBe("FILE_DAMAGED");
  });
});

describe("slides", () => {
  const cell = (text: string, attributes = "") =>
    `<a:tc ${attributes}><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;

  test("have what a merged cell says in every place that it covers", async () => {
    const table = `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr>${cell("Coast", 'gridSpan="2"')}${cell("", 'hMerge="1"')}</a:tr><a:tr>${cell("north")}${cell("south")}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`;
    const { tables } = await readAll(files.file("merged.pptx", makePptx(pptxText("Title") + table)));
    expect(tables.map(({ rows }) => rows)).toEqual([
      [
        ["Coast", "Coast"],
        ["north", "south"],
      ],
    ]);
  });
});
