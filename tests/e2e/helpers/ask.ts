import type { Page } from "playwright-core";

/** Asks in the open conversation. The key goes to the field itself, wherever the focus was led meanwhile. */
export async function ask(page: Page, question: string): Promise<void> {
  const field = page.getByLabel("Your question");
  await field.fill(question);
  await field.press("Enter");
}

/** Chooses a collection that answers may read. The menu is gone afterwards: one that closes gives the focus back. */
export async function chooseSources(page: Page, collection: string): Promise<void> {
  await page.getByRole("button", { name: "No sources" }).click();
  await page.getByRole("menuitemcheckbox", { name: new RegExp(collection) }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
}

/** Opens the menu of a button and chooses an entry, once another menu is gone. */
export async function chooseFrom(page: Page, button: string, entry: string | RegExp): Promise<void> {
  await page.getByRole("menu").waitFor({ state: "detached" });
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}
