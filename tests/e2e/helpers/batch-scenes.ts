import type { Page } from "playwright-core";
import type { CroftClient } from "../../../src/shared/client/create-client.ts";

export type BatchScene = (page: Page, made: { folder: string; run: string; client: CroftClient }) => Promise<void>;

const at = (page: Page, place: string) => page.goto(page.url().replace(/#.*/, `#/batch/${place}`));

/** Every step of batch over the real core, each in the state that shows most of it. */
export const batchScenes: Record<string, BatchScene> = {
  "batch empty": async (page) => {
    await at(page, "new/input");
    await page.getByRole("heading", { name: "Which documents?" }).waitFor();
  },
  "batch input": async (page, { run }) => {
    await at(page, `${run}/input`);
    await page.getByRole("region", { name: "What is in the files" }).waitFor();
  },
  "batch input error": async (page, { folder }) => {
    await at(page, "new/input");
    await page.getByLabel("Path of a folder or file to read").fill(`${folder}-elsewhere`);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
  },
  "batch recipe": async (page, { run }) => {
    await at(page, `${run}/recipe`);
    await page.getByRole("button", { name: "Try", exact: true }).click();
    await page
      .getByRole("region", { name: /^Trial of/ })
      .nth(2)
      .waitFor();
  },
  "batch recipe editor": async (page, { run }) => {
    await at(page, `${run}/recipe`);
    await page.getByRole("button", { name: "Edit a copy" }).click();
    await page.getByRole("list", { name: "Fields of the recipe" }).waitFor();
  },
  "batch recipe refused": async (page, { run }) => {
    await at(page, `${run}/recipe`);
    await page.getByRole("button", { name: "Edit a copy" }).click();
    await page.getByRole("button", { name: "JSON" }).click();
    await page.getByLabel("Recipe as JSON").fill('{ "format": "croft.recipe/1", "name": "mine" }');
    await page
      .getByRole("list", { name: "Why the recipe is refused" })
      .getByText(/schema/)
      .first()
      .waitFor();
  },
  "batch run": async (page, { run }) => {
    await at(page, `${run}/run`);
    await page.getByRole("row", { name: /cedar-9/ }).waitFor();
  },
  "batch run numbers": async (page, { run }) => {
    await at(page, `${run}/run?view=numbers`);
    await page.getByRole("region", { name: "Time by stage" }).waitFor();
  },
  "batch not read": async (page, { run }) => {
    await at(page, `${run}/run?view=dead`);
    await page.getByRole("list", { name: "Files that were not read" }).waitFor();
  },
  "batch review": async (page, { run }) => {
    await at(page, `${run}/review`);
    await page.getByRole("button", { name: /cedar-9\.pdf/ }).click();
    await page.getByRole("group", { name: "total: 660" }).focus();
    await page.locator("[data-mark]").first().waitFor();
  },
  "batch export held back": async (page, { run }) => {
    await at(page, `${run}/export`);
    await page.getByRole("region", { name: "What holds the export back" }).waitFor();
  },
  "batch export": async (page, { run }) => {
    await at(page, `${run}/export`);
    await page.getByRole("checkbox", { name: /Export although/ }).check();
    await page.getByRole("button", { name: /^Export \d/ }).click();
    await page.getByRole("region", { name: "Manifest" }).waitFor();
  },
};
