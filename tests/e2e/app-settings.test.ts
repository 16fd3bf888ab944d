import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { seriousFindings } from "./helpers/axe.ts";
import { noBrowserReason } from "./helpers/browser.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";
import { sidewaysScroll } from "./helpers/sideways-scroll.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`settings${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open, openAt } = useScriptedApp();
  const value = async (key: "search.limit" | "network.offline") => (await core().client.settings.get({ key })).value;
  const root = (page: Page, name: string) => page.evaluate((attribute) => document.documentElement.getAttribute(attribute), name);

  test("are found by their words, parts of the page too; what was looked for from outside is shown at once", async () => {
    const page = await open("Settings");
    await page.getByLabel("Find a setting").fill("backup");
    await page.getByRole("heading", { name: "Storage" }).waitFor();
    await expect.poll(() => page.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual(["Storage"]);
    await page.getByLabel("Find a setting").fill("xyzzy");
    await page.getByText("No setting has these words.").waitFor();
    await page.evaluate(() => (window.location.hash = "#/settings?find=search.limit"));
    await page.getByLabel("Passages that a search returns").waitFor();
    await expect.poll(() => page.getByRole("heading", { level: 2 }).count()).toBe(1);
  });

  test("are in effect at once, show their default, and go back to it", async () => {
    const page = await open("Settings");
    await page.getByText("default 10", { exact: false }).first().waitFor();
    await page.getByRole("switch", { name: "Forbid every network connection" }).click();
    await page.getByText("Local only, offline").waitFor();
    await page.getByRole("button", { name: "Reset: Forbid every network connection" }).click();
    await page.getByText("Local only", { exact: true }).waitFor();
    await expect.poll(() => value("network.offline")).toBe(false);
  });

  // Catches: a choice of the look that is stored and changes nothing.
  test("every choice of the look changes the window, and its reset brings it back", async () => {
    const page = await open("Settings");
    const section = page.getByRole("region", { name: "Appearance" });
    const row = () =>
      section
        .getByRole("combobox")
        .first()
        .evaluate((field) => field.getBoundingClientRect().height);
    const before = await row();
    await section.getByLabel("Density", { exact: true }).selectOption("comfortable");
    await expect.poll(row).toBeGreaterThan(before);
    await section.getByLabel("Density", { exact: true }).selectOption("compact");
    await expect.poll(row).toBeLessThan(before);
    expect(await row()).toBeGreaterThanOrEqual(24);
    await section.getByRole("button", { name: "Reset: Density" }).click();
    await expect.poll(row).toBe(before);
    await section.getByLabel("Text size").selectOption("16");
    await expect.poll(row).toBeGreaterThan(before);
    await section.getByRole("button", { name: "Reset: Text size" }).click();
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await section.getByLabel("Theme", { exact: true }).selectOption("light");
    await expect.poll(() => root(page, "data-theme")).toBe("light");
    const light = await background();
    await section.getByLabel("Theme", { exact: true }).selectOption("contrast");
    await expect.poll(background).not.toBe(light);
    await section.getByRole("button", { name: "Reset: Theme" }).click();
    await expect.poll(() => root(page, "data-theme")).toBeNull();
    await page.emulateMedia({ reducedMotion: "no-preference" });
    const motion = () =>
      page.getByRole("button", { name: "Choose a file" }).evaluate((button) => getComputedStyle(button).transitionDuration);
    await expect.poll(motion).not.toBe("0s");
    await section.getByLabel("Motion", { exact: true }).selectOption("reduce");
    await expect.poll(motion).toBe("0s");
  });

  test("are exported as a file, and an imported one says what it set and what was refused", async () => {
    const page = await open("Settings");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export settings" }).click()]);
    expect(download.suggestedFilename()).toBe("croft-settings.json");
    expect(JSON.parse(await readFile(await download.path(), "utf8"))).toHaveProperty(["search.limit"]);
    const bring = (text: string) =>
      page
        .getByLabel("Choose a file")
        .first()
        .setInputFiles({ name: "s.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await bring("{}");
    await page.getByText("1 set, 1 refused").waitFor();
    await page.getByText("cpu.threads was not changed: expected a number.").waitFor();
    await bring("no settings at all");
    await page.getByText("This is no file of Croft's settings; nothing was changed.").waitFor();
    await bring("x".repeat(100_001));
    await page.getByText("The file is too long for a file of settings; nothing was changed.").waitFor();
  });

  test("are all reset after a question, the look of the window with them", async () => {
    await core().client.settings.set({ key: "search.limit", value: 33 });
    const page = await open("Settings");
    await page.getByRole("region", { name: "Appearance" }).getByLabel("Theme", { exact: true }).selectOption("dark");
    // The question has a button of the same name, and stays in the page while it fades away.
    const reset = page.getByRole("main").getByRole("button", { name: "Reset all settings" });
    await reset.click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Keep" }).click();
    await expect.poll(() => value("search.limit")).toBe(33);
    await reset.click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Reset all settings" }).click();
    await expect.poll(() => value("search.limit")).toBe(10);
    await expect.poll(() => root(page, "data-theme")).toBeNull();
  });

  test("backup and restore say where, restore asks first; what leaves the machine is listed with its purpose", async () => {
    const page = await open("Settings");
    await page.getByLabel("Path of the backup to write").fill("/home/ada/croft.db");
    await page.keyboard.press("Enter");
    await page.getByText("/home/ada/croft.db, 4.2 MB").waitFor();
    await page.getByLabel("Path of the backup to restore").fill("/home/ada/croft.db");
    await page.getByRole("button", { name: "Restore", exact: true }).click();
    await expect.poll(() => core().requests.map(({ route }) => route)).toEqual(["backup"]);
    await page.getByRole("alertdialog").getByRole("button", { name: "Restore at the next start" }).click();
    await page.getByText("takes the place of the profile when Croft next starts.").waitFor();
    await page.getByRole("row", { name: /192\.168\.1\.4 Refused by Croft/ }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save diagnostics" }).click()]);
    expect(download.suggestedFilename()).toBe("croft-diagnostics.json");
  });

  // Catches: sides that are counted on, words that come from no catalogue, text that is cut off.
  test("the test language turns the window round: rail at the right, no sideways scroll, nothing cut off, no serious finding", async () => {
    const page = await openAt({ width: 1024, height: 700 });
    await page.getByRole("link", { name: "Settings", exact: true }).click();
    await page.getByLabel("Language", { exact: true }).selectOption("ar-XB");
    await expect.poll(() => root(page, "dir")).toBe("rtl");
    const rail = () => page.getByRole("navigation").first().boundingBox();
    await expect.poll(() => rail().then((box) => box && box.x + box.width)).toBe(1024);
    await expect.poll(() => sidewaysScroll(page)).toBeLessThanOrEqual(0);
    // Every word of frame and settings is turned; what core says (names, values) is not.
    const plain = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("[role=banner], [aria-label] > h2, [role=contentinfo] button:last-of-type")]
          .map((part) => part.textContent ?? "")
          .filter((text) => /\p{L}{4}/u.test(text) && !text.includes("\u202e"))
          .filter((text) => !/^(Models|Processor|Answers|Search|Text recognition|Privacy and network|First steps)$/.test(text)),
      );
    await expect.poll(plain).toEqual([]);
    const cut = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("main button, main h2, main label")]
          .filter((part) => part.scrollWidth > part.clientWidth + 1)
          .map((part) => part.textContent),
      );
    await expect.poll(cut).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
  });
});
