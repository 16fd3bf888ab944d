import { expect, test } from "vitest";
import type { KeyPress } from "../../../src/renderer/shell/keys.ts";
import { matchesKeys, showKeys } from "../../../src/renderer/shell/keys.ts";

const press = (key: string, code: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

test("Mod is Ctrl on one machine and ⌘ on the other, never both", () => {
  expect(matchesKeys(press("k", "KeyK", { ctrlKey: true }), "Mod+K", false)).toBe(true);
  expect(matchesKeys(press("k", "KeyK", { metaKey: true }), "Mod+K", true)).toBe(true);
  expect(matchesKeys(press("k", "KeyK", { ctrlKey: true }), "Mod+K", true)).toBe(false);
  expect(matchesKeys(press("k", "KeyK", { ctrlKey: true, metaKey: true }), "Mod+K", false)).toBe(false);
});

test("letters go by their place, so a Russian layout has the same shortcuts", () => {
  expect(matchesKeys(press("л", "KeyK", { ctrlKey: true }), "Mod+K", false)).toBe(true);
});

test("a key with one more or one less modifier is another key", () => {
  expect(matchesKeys(press("K", "KeyK", { ctrlKey: true, shiftKey: true }), "Mod+K", false)).toBe(false);
  expect(matchesKeys(press("1", "Digit1"), "Mod+1", false)).toBe(false);
  expect(matchesKeys(press("F6", "F6", { shiftKey: true }), "F6", false)).toBe(false);
});

test("a sign is itself whether or not the layout needs Shift for it", () => {
  expect(matchesKeys(press("?", "Slash", { shiftKey: true }), "?", false)).toBe(true);
  expect(matchesKeys(press(".", "Period", { ctrlKey: true }), "Mod+.", false)).toBe(true);
});

test("keys are written as the machine writes them", () => {
  expect(showKeys("Mod+Shift+F", false)).toBe("Ctrl+Shift+F");
  expect(showKeys("Mod+Shift+F", true)).toBe("⌘⇧F");
  expect(showKeys("Alt+ArrowLeft", false)).toBe("Alt+←");
  expect(showKeys("Alt+ArrowRight", true)).toBe("⌥→");
});
