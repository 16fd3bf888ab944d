import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { noBrowserReason } from "./helpers/browser.ts";
import { collectionId } from "./helpers/scripted-data.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`files from outside${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();

  /** Goes where the desktop app goes when a file is opened with it. */
  const openFile = (page: Page, ...paths: string[]) =>
    page.evaluate((hash) => (window.location.hash = hash), `#/knowledge?${new URLSearchParams(paths.map((path) => ["add", path]))}`);
  const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });

  test("an opened file is added to the collection that is chosen, once, and the question is gone", async () => {
    const page = await open();
    await openFile(page, "/home/ada/deed.pdf");
    const asking = dialog(page, "Add “deed.pdf”");
    await asking.getByText("/home/ada/deed.pdf", { exact: true }).waitFor();
    expect(core().added).toEqual([]);
    await asking.getByRole("radio", { name: /Harbour/ }).check();
    await asking.getByRole("button", { name: "Add" }).click();
    await page.getByRole("region", { name: "Indexing" }).waitFor();
    await asking.waitFor({ state: "detached" });
    await expect.poll(() => core().added).toMatchObject([{ collection: collectionId, paths: ["/home/ada/deed.pdf"] }]);
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Harbour" }).waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  });

  test("several files go together into a collection made for them, by the keyboard alone", async () => {
    const page = await open();
    await openFile(page, "/home/ada/a.txt", "/home/ada/b.txt");
    // It has taken the focus, which it does once.
    await dialog(page, "Add 2 files").locator(":focus").waitFor();
    const name = page.getByLabel("Name of the new collection for it");
    await name.pressSequentially("Letters");
    await expect.poll(() => name.inputValue()).toBe("Letters");
    await name.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Letters" }).waitFor();
    await expect.poll(() => core().added).toMatchObject([{ collection: "Letters", paths: ["/home/ada/a.txt", "/home/ada/b.txt"] }]);
  });

  test("without any collection yet, the file makes the first", async () => {
    core().collections.length = 0;
    const page = await open();
    await openFile(page, "/home/ada/deed.pdf");
    const asking = dialog(page, "Add “deed.pdf”");
    await expect.poll(() => asking.getByRole("button", { name: "Add" }).isDisabled()).toBe(true);
    await asking.getByLabel("Name of the new collection for it").fill("Deeds");
    await asking.getByRole("button", { name: "Add" }).click();
    await page.getByRole("heading", { level: 1, name: "Deeds" }).waitFor();
  });

  test("Esc adds nothing, and a path that is not there is said where it was asked", async () => {
    const page = await open();
    await openFile(page, "/home/ada/missing.pdf");
    const asking = dialog(page, "Add “missing.pdf”");
    await asking.getByRole("button", { name: "Add" }).click();
    await asking.getByText("There is nothing at /home/ada/missing.pdf; nothing was added.").waitFor();
    await page.keyboard.press("Escape");
    await asking.waitFor({ state: "detached" });
    expect(core().added).toEqual([]);
    await expect.poll(() => page.evaluate(() => window.location.hash)).not.toContain("add=");
  });

  test("a path is shown as text, whatever it is made of", async () => {
    const page = await open();
    await openFile(page, '/home/ada/<img src=x onerror="window.hacked=1">.pdf');
    const asking = page.getByRole("dialog");
    await asking.getByText("onerror").first().waitFor();
    await expect.poll(() => asking.locator("img").count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
  });

  /** Drops files of these names on the open collection, as a file manager does. */
  const drop = (page: Page, names: string[]) =>
    page.getByRole("main").evaluate((main, dropped) => {
      const target = main.firstElementChild ?? main;
      const dataTransfer = new DataTransfer();
      for (const name of dropped) dataTransfer.items.add(new File([], name));
      for (const type of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, names);

  test("a dropped folder is added by the path that the desktop host knows, and what has none is left out", async () => {
    const page = await open("Knowledge");
    await page.getByRole("heading", { level: 1, name: "Harbour" }).waitFor();
    await page.evaluate(() =>
      Object.assign(window, { desktop: { pathForFile: (file: File) => (file.name === "from-a-page" ? "" : `/home/ada/${file.name}`) } }),
    );
    // The host is looked up when the view is drawn again.
    await page.getByRole("tab", { name: "Search" }).click();
    await page.getByRole("searchbox", { name: "Search in Harbour" }).waitFor();
    await drop(page, ["scans", "ferry.txt", "from-a-page"]);
    await expect.poll(() => core().added).toMatchObject([{ collection: collectionId, paths: ["/home/ada/scans", "/home/ada/ferry.txt"] }]);
  });

  test("a drop in a browser adds nothing and says why", async () => {
    const page = await open("Knowledge");
    await page.getByRole("heading", { level: 1, name: "Harbour" }).waitFor();
    await drop(page, ["scans"]);
    await page.getByText("A browser does not tell where dropped files lie.").waitFor();
    expect(core().added).toEqual([]);
  });
});
