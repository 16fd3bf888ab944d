import { expect, it } from "vitest";
import { replaceZipPart } from "../../../src/main/engines/readers/office/replace-zip-part.ts";
import { zipParts } from "../../../src/main/engines/readers/office/zip-part.ts";
import { makeZip } from "../../helpers/make-zip.ts";

const zip = makeZip({ "a.xml": "first", "word/b.xml": "second", "c.xml": "third" });

it("a part gets another text, longer or shorter, and the others keep theirs", () => {
  for (const text of ["", "größer ".repeat(5000)]) {
    const made = replaceZipPart(zip, "word/b.xml", text) ?? new Uint8Array();
    const parts = zipParts(made);
    expect(parts.names).toEqual(["a.xml", "word/b.xml", "c.xml"]);
    expect(parts.names.map((name) => parts.text(name, 100_000))).toEqual(["first", text, "third"]);
    const again = zipParts(replaceZipPart(made, "a.xml", "again") ?? new Uint8Array());
    expect(again.names.map((name) => again.text(name, 100_000))).toEqual(["again", text, "third"]);
  }
});

it("the former text is nowhere in the file, for those who read its parts one after the other", () => {
  const made = Buffer.from(replaceZipPart(zip, "word/b.xml", "other") ?? []);
  expect(made.indexOf("word/b.xml")).toBe(made.indexOf("PK\x03\x04", 4) + 30);
  expect(made.toString("latin1").split("PK\x03\x04")).toHaveLength(4);
  expect(replaceZipPart(zip, "word/b.xml", "second")).toHaveLength(zip.length);
});

it("the file that was given is not changed", () => {
  const before = Buffer.from(zip);
  replaceZipPart(zip, "a.xml", "other");
  expect(before.equals(zip)).toBe(true);
});

it("of cut and nonsense files there is none, and nothing is thrown", () => {
  expect(replaceZipPart(zip, "none.xml", "x")).toBeUndefined();
  for (let length = 0; length < zip.length; length += 3) expect(replaceZipPart(zip.subarray(0, length), "a.xml", "x")).toBeUndefined();
  const pointing = Buffer.from(zip);
  pointing.writeUInt32LE(0xffffffff, pointing.length - 6);
  expect(replaceZipPart(pointing, "a.xml", "x")).toBeUndefined();
  const far = Buffer.from(zip);
  far.writeUInt32LE(0xffffffff, far.lastIndexOf("c.xml") - 4);
  expect(replaceZipPart(far, "a.xml", "x".repeat(100))).toBeUndefined();
});
