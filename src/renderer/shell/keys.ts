/** What of a keyboard event decides which key was meant. */
export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * Whether a press is `keys`, e.g. `Mod+Shift+F`, `Mod+1`, `F6`, `?`. Letters and digits go by their place on the
 * keyboard, so that they work in layouts that type other letters; `Mod` is ⌘ on Apple machines, Ctrl elsewhere.
 */
export function matchesKeys(press: KeyPress, keys: string, apple = isApple): boolean {
  const parts = keys.split("+");
  const main = parts.at(-1) ?? "";
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  const mod = apple ? press.metaKey : press.ctrlKey;
  const otherMod = apple ? press.ctrlKey : press.metaKey;
  if (mod !== wants("Mod") || otherMod || press.altKey !== wants("Alt")) return false;
  if (/^[A-Z]$/.test(main)) return press.shiftKey === wants("Shift") && press.code === `Key${main}`;
  if (/^\d$/.test(main)) return press.shiftKey === wants("Shift") && press.code === `Digit${main}`;
  // A sign such as `?` needs Shift on some keyboards and not on others.
  return press.key === main && (main.length === 1 || press.shiftKey === wants("Shift"));
}

/** How a key is written for the person who reads it. */
export function showKeys(keys: string, apple = isApple): string {
  const named = keys.replace("ArrowLeft", "←").replace("ArrowRight", "→").replace("ArrowUp", "↑").replace("ArrowDown", "↓");
  return apple ? named.replace("Mod+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥") : named.replace("Mod", "Ctrl");
}

/** True for a key that is a command by itself: without a modifier but Shift, and not typed into a field. */
export const isSingleKey = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);

/** True where a single letter is text, not a command. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
