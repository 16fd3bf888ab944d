import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJsonFile } from "../../../src/main/features/settings/json-file.ts";

let folder = "";
let path = "";
const broken: string[] = [];
const open = () => openJsonFile(path, (keptAs) => broken.push(keptAs));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "croft-json-"));
  path = join(folder, "settings.json");
  broken.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a small file of values", () => {
  // Catches a file that is made by merely looking at it.
  it("is empty where there is none, and makes none by being read", () => {
    expect(open().values).toEqual({});
    expect(readdirSync(folder)).toEqual([]);
    expect(broken).toEqual([]);
  });

  // Catches a value that is only remembered, and a partial file left behind.
  it("is on disk when it returns, and whole", () => {
    const file = open();
    file.set("theme", "dark");
    file.set("nested", { list: [1, null, "ä"] });
    expect(open().values).toEqual({ theme: "dark", nested: { list: [1, null, "ä"] } });
    expect(file.values).toEqual(open().values);
    expect(readdirSync(folder)).toEqual(["settings.json"]);
  });

  // Catches a removed value that stays as null, and others that go with it.
  it("takes out one value and no other", () => {
    const file = open();
    file.set("a", 1);
    file.set("b", 2);
    file.set("a", undefined);
    file.set("never there", undefined);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ b: 2 });
  });

  // Catches the loss of a key that an older or newer version of the app knows.
  it("keeps what it does not know", () => {
    writeFileSync(path, '{"of another version":{"deep":true}}');
    open().set("a", 1);
    expect(open().values).toEqual({ "of another version": { deep: true }, a: 1 });
  });

  // Catches secrets of a profile that others on the machine may read.
  it.skipIf(process.platform === "win32")("is for its owner alone", () => {
    open().set("a", 1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  // Catches an app that does not start because of one bad file, and a file that is thrown away instead of kept.
  it.each(["", "{", "[1,2]", "null", '"text"', "12", "{'a':1}", "\u0000\u0000", "{}{}"])("keeps a file that is no object: %j", (text) => {
    writeFileSync(path, text);
    const file = open();
    expect(file.values).toEqual({});
    expect(broken).toEqual([`${path}.invalid`]);
    expect(readFileSync(`${path}.invalid`, "utf8")).toBe(text);
    file.set("a", 1);
    expect(open().values).toEqual({ a: 1 });
  });

  // Catches a key of the file that changes every object of the app.
  it("takes no prototype from the file", () => {
    writeFileSync(path, '{"__proto__":{"polluted":true},"constructor":1}');
    open().set("a", 1);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(open().values["a"]).toBe(1);
  });
});
