import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freeName, namesInside, readingsOf } from "../../../src/main/features/knowledge/reading/inside-path.ts";

const named = (...names: string[]) => namesInside(names.map((name) => ({ name })));

describe("names of files inside a file", () => {
  test("are each given once, so that a path leads to one file", () => {
    expect(named("a.txt", "a.txt", "b.txt", "a.txt")).toEqual(["a.txt", "a (2).txt", "b.txt", "a (3).txt"]);
  });

  test("stay apart where a double's new name is another's own", () => {
    const names = named("a.txt", "a (2).txt", "a.txt");
    expect(new Set(names).size).toBe(3);
  });

  test("never hold the separating sign, by which one file could pass for one inside it", () => {
    expect(named("mail.eml › invoice.pdf", "›")).toEqual(["mail.eml _ invoice.pdf", "_"]);
  });

  test("are never empty", () => {
    expect(named(" ", "")).toEqual(["attachment", "attachment (2)"]);
  });

  test("keep their extension, by which readers tell text apart", () => {
    expect(freeName("notes.md", (name) => name === "notes.md")).toBe("notes (2).md");
    expect(freeName("README", (name) => name === "README")).toBe("README (2)");
  });
});

describe("a path that may lead inside a file", () => {
  test("is a file as a whole first, since files on disk may hold the sign", () => {
    const path = join("docs", "mail.eml › a.eml › b.pdf");
    expect(readingsOf(path)).toEqual([
      { path, inside: [] },
      { path: join("docs", "mail.eml › a.eml"), inside: ["b.pdf"] },
      { path: join("docs", "mail.eml"), inside: ["a.eml", "b.pdf"] },
    ]);
  });

  test("takes no part of a folder's name for a file", () => {
    expect(readingsOf(join("a › b", "c.txt"))).toEqual([{ path: join("a › b", "c.txt"), inside: [] }]);
  });
});
