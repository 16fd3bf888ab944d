import type { Page } from "playwright-core";

/** The name of the element that has the focus, as its label or its text. */
export const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "");

/** More than any page has elements in its order of focus. */
const mostPresses = 120;

/** Presses Tab until the element of that name has the focus. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < mostPresses; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await focusedName(page);
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
  }
  throw new Error(`${String(name)} cannot be reached with Tab on ${page.url()}, at last ${await focusedName(page)}`);
}
