import { expect, test } from "vitest";
import { fileNameOf } from "../../../src/renderer/components/save-text.ts";

test("a title becomes a name that no file system refuses or takes for a path", () => {
  expect(fileNameOf("Who built it?", "md")).toBe("Who built it.md");
  expect(fileNameOf("../../etc/passwd", "md")).toBe("etc passwd.md");
  expect(fileNameOf("a\\b:c\0d\n", "json")).toBe("a b c d.json");
  expect(fileNameOf("Größe & Übersicht", "md")).toBe("Größe Übersicht.md");
  for (const title of ["", "...", "???", " "]) expect(fileNameOf(title, "md")).toBe("conversation.md");
});

test("a long title is cut, with no half character and no space before the dot", () => {
  const name = fileNameOf(`${"x".repeat(79)}𠀀 and more`, "md");
  expect(name.length).toBeLessThanOrEqual(83);
  expect(name.isWellFormed()).toBe(true);
  expect(fileNameOf(`${"x".repeat(79)} more`, "md")).toBe(`${"x".repeat(79)}.md`);
});
