import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { noBrowserReason } from "./helpers/browser.ts";
import { collectionId } from "./helpers/scripted-data.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`the knowledge workspace${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();
  const rows = (page: Page) =>
    page
      .getByRole("grid", { name: "Files of Harbour" })
      .locator("[role=row][id]")
      .evaluateAll((found) =>
        found
          .toSorted((a, b) => Number(a.getAttribute("aria-rowindex")) - Number(b.getAttribute("aria-rowindex")))
          .map((row) => row.querySelectorAll("[role=gridcell]")[1]?.textContent ?? ""),
      );
  const asked = (route: string) =>
    core()
      .workspace.requests.filter((request) => request.route === route)
      .map(({ input }) => input);

  test("what lies in a mail stands under it, however the keyboard sorts the table", async () => {
    const page = await open("Knowledge");
    await page.getByRole("row", { name: /offer\.eml/ }).waitFor();
    const below = (all: string[]) => all[all.indexOf("offer.eml") + 1];
    await expect.poll(async () => below(await rows(page))).toContain("plan.pdf");
    await page.getByRole("button", { name: "State", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.getByRole("columnheader", { name: "Pages" }).getAttribute("aria-sort")).toBe("descending");
    await expect.poll(async () => (await rows(page))[0]).toBe("deed-1897.pdf");
    await expect.poll(async () => below(await rows(page))).toContain("plan.pdf");
  });

  test("rules are counted before anything is linked, and go with the request", async () => {
    const page = await open("Knowledge");
    await page.getByLabel("Path of a file or folder to add").fill("/home/ada/archive");
    await page.getByRole("button", { name: "Add with rules" }).click();
    await page.getByText("412 files").waitFor();
    await page.getByLabel("Not these files").fill("drafts/**");
    await page.getByText("312 files").waitFor();
    await page.getByRole("list", { name: "Left out" }).getByText("excluded by a pattern").waitFor();
    expect(core().added).toEqual([]);
    await page.getByLabel("Recognise text in").selectOption("always");
    await page.getByLabel("Languages to recognise").fill("deu, eng");
    await page.getByRole("button", { name: "Link and index" }).click();
    await page.getByRole("region", { name: "Indexing" }).waitFor();
    const reading = { ocr: "always", languages: ["deu", "eng"] };
    await expect
      .poll(() => core().added)
      .toMatchObject([{ collection: collectionId, paths: ["/home/ada/archive"], include: [], exclude: ["drafts/**"], reading }]);
  });

  test("a locked file is unlocked without its source losing its rules, and failures are tried again by reason", async () => {
    const page = await open("Knowledge");
    await page.getByRole("tab", { name: "Report" }).click();
    await page.getByLabel("Password of the locked files").fill("tide");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => core().added)
      .toMatchObject([
        { paths: ["/home/ada/harbour"], exclude: ["drafts/**", "*.bak"], watch: true, reading: { languages: ["deu"], password: "tide" } },
      ]);
    await page.getByRole("button", { name: "Try again: Damaged" }).click();
    await expect.poll(() => asked("retryFailed")).toEqual([{ collection: collectionId, codes: ["FILE_DAMAGED"] }]);
    await page.getByRole("button", { name: "Show: 5 pages" }).click();
    await expect.poll(() => rows(page)).toHaveLength(1);
  });

  test("the report is saved as a file of the kind that is chosen", async () => {
    const page = await open("Knowledge");
    await page.getByRole("tab", { name: "Report" }).click();
    await page.getByRole("button", { name: "Export the report" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: /Report to read/ }).click();
    expect((await saved).suggestedFilename()).toBe("harbour-coverage.markdown");
  });

  test("each column ranks by its own leg, and says how much the words weigh", async () => {
    const page = await open("Knowledge");
    await page.getByRole("tab", { name: "Compare rankings" }).click();
    await page.getByRole("searchbox", { name: "Query to compare in Harbour" }).fill("who built the tower");
    await page.keyboard.press("Enter");
    const first = (column: string) => page.getByRole("region", { name: column, exact: true }).getByRole("button").first();
    await first("Words").getByText("converted to electricity").waitFor();
    await first("Meaning").getByText("41 metres").waitFor();
    await first("Reranked").getByText("Ada Brennholt").waitFor();
    await page.getByText("40 % words, 60 % meaning").waitFor();
    await first("Words").focus();
    await page.keyboard.press("Enter");
    await page.locator("mark").waitFor();
  });

  test("another embedding model is begun, shown going on, and cancelled", async () => {
    const page = await open("Knowledge");
    await page.getByRole("button", { name: "Embedding model" }).click();
    const dialog = page.getByRole("dialog", { name: /Embedding model of/ });
    await expect.poll(() => dialog.getByRole("button", { name: /anew/ }).isDisabled()).toBe(true);
    await dialog.getByRole("radio", { name: /E5 small/ }).check();
    await dialog.getByRole("button", { name: /anew/ }).click();
    await dialog.getByRole("button", { name: /^Cancel: / }).click();
    await dialog.getByText("Cancelled", { exact: true }).waitFor();
    await expect.poll(() => asked("changeEmbedder")).toEqual([{ collection: collectionId, embedder: "multilingual-e5-small" }]);
  });

  test("ten thousand dropped files are one request", async () => {
    const page = await open("Knowledge");
    await page.getByRole("heading", { level: 1, name: "Harbour" }).waitFor();
    await page.evaluate(() => {
      Object.assign(window, { desktop: { pathForFile: (file: File) => `/home/ada/${file.name}` } });
      const dataTransfer = new DataTransfer();
      for (let n = 0; n < 10_000; n += 1) dataTransfer.items.add(new File([], `f${n}.txt`));
      const list = document.querySelector("nav[aria-label=Collections]");
      list?.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => core().added.map(({ paths }) => paths.length), { timeout: 20_000 }).toEqual([10_000]);
  });
});
