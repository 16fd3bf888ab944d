/** Moves the focus to the next part of the frame (rail, list, main, inspector, status bar), round and round. */
export function focusNextRegion(document: Document): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((region) => region.checkVisibility());
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  regions[(at + 1) % regions.length]?.focus();
}
