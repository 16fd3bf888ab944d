import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { noBrowserReason } from "./helpers/browser.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`models${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open } = useScriptedApp();
  const rowOf = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

  test("a model is imported from its path, copied or read where it lies", async () => {
    const page = await open("Models");
    await page.getByLabel("Path of a model to import").fill("/home/ada/tiny.gguf");
    await page.keyboard.press("Enter");
    await page.getByText("Tiny is imported.").waitFor();
    await rowOf(page, "Tiny").getByText("Not tried").waitFor();
    await page.getByLabel("Path of a model to import").fill("/home/ada/tiny.gguf");
    await page.getByLabel("Copy it into Croft").uncheck();
    await button(page, "Import").click();
    await expect.poll(() => rowOf(page, "Tiny").count()).toBe(2);
    await expect
      .poll(() => core().models.requests)
      .toEqual([
        { route: "import", input: { path: "/home/ada/tiny.gguf", copy: true } },
        { route: "import", input: { path: "/home/ada/tiny.gguf", copy: false } },
      ]);
  });

  test("a file that is no model is refused with the reason, and its path stays to be mended", async () => {
    const page = await open("Models");
    await page.getByLabel("Path of a model to import").fill("/home/ada/holiday.jpg");
    await page.keyboard.press("Enter");
    await page.getByText("This is no GGUF file; nothing was imported.").waitFor();
    await page.getByText("Choose a .gguf file.").waitFor();
    await expect.poll(() => page.getByLabel("Path of a model to import").inputValue()).toBe("/home/ada/holiday.jpg");
  });

  test("an import can be stopped, in core too", async () => {
    core().gate.close();
    const page = await open("Models");
    await page.getByLabel("Path of a model to import").fill("/home/ada/large.gguf");
    await page.keyboard.press("Enter");
    await page.getByText("Reading and checking the file.").waitFor();
    await button(page, "Stop").click();
    await button(page, "Import").waitFor();
    await expect.poll(() => core().models.ended).toEqual(["import"]);
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  });

  test("testing a model says whether it loads and what it takes; one that does not is marked", async () => {
    const page = await open("Models");
    await button(page, "Test Qwen2.5 Coder 1.5B Instruct").click();
    await page.getByText("The model loads. It takes 1.3 GB of memory.").waitFor();
    await button(page, "Test BGE small English v1.5").click();
    await page.getByText("ended the process that tried it (code 134)").waitFor();
  });

  test("measuring shows the new speed in the row; while it runs nothing else is begun, and it can be stopped", async () => {
    core().gate.close();
    const page = await open("Models");
    const row = rowOf(page, "Qwen2.5 Coder");
    await button(page, "Measure Qwen2.5 Coder 1.5B Instruct").click();
    await page.getByText("Measuring: it reads and writes for a while").waitFor();
    await expect.poll(() => button(page, "Test Qwen2.5 Coder 1.5B Instruct").isDisabled()).toBe(true);
    await expect.poll(() => button(page, "Remove Qwen2.5 Coder 1.5B Instruct").isDisabled()).toBe(true);
    await button(page, "Stop").click();
    await expect.poll(() => core().models.ended).toEqual(["bench"]);
    await row.getByText("24 tokens/s · 101 read/s").waitFor();
    core().gate.open();
    await button(page, "Measure Qwen2.5 Coder 1.5B Instruct").click();
    await page.getByText("Measured: 17 tokens/s · 88 read/s.").waitFor();
    await row.getByText("17 tokens/s · 88 read/s").first().waitFor();
  });

  test("a check ends when its reader leaves", async () => {
    core().gate.close();
    const page = await open("Models");
    await button(page, "Measure Qwen2.5 Coder 1.5B Instruct").click();
    await expect.poll(() => core().models.requests.length).toBe(1);
    await page.getByRole("link", { name: "Settings", exact: true }).click();
    await expect.poll(() => core().models.ended).toEqual(["bench"]);
  });

  test("a model is removed only after it was confirmed", async () => {
    const page = await open("Models");
    const removes = () => core().models.requests.filter(({ route }) => route === "remove").length;
    await button(page, "Remove BGE small English v1.5").click();
    const asking = page.getByRole("alertdialog");
    await asking.getByText("Its file is deleted and 34 MB become free. It can be downloaded again.").waitFor();
    await asking.getByRole("button", { name: "Keep" }).click();
    await asking.waitFor({ state: "detached" });
    expect(removes()).toBe(0);
    await button(page, "Remove BGE small English v1.5").click();
    await asking.getByRole("button", { name: "Remove model" }).click();
    await button(page, "Download BGE small English v1.5").waitFor();
    await expect.poll(() => removes()).toBe(1);
  });
});
