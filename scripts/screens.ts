/** Takes the screenshots in docs/screens: every scene at 1440×900 in both themes, the main ones at 1024×700 and at 200 % zoom. */
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { makeInvoices, runInvoices } from "../tests/e2e/helpers/batch-folder.ts";
import { batchScenes } from "../tests/e2e/helpers/batch-scenes.ts";
import { startRealServer } from "../tests/e2e/helpers/real-server.ts";
import { launchBrowser } from "../tests/e2e/helpers/browser.ts";
import { buildRenderer } from "../tests/e2e/helpers/build-renderer.ts";
import { openPage } from "../tests/e2e/helpers/open-page.ts";
import { type Scene, scenes } from "../tests/e2e/helpers/scenes.ts";
import { startScriptedServer } from "../tests/e2e/helpers/scripted-server.ts";

const folder = resolve(import.meta.dirname, "../docs/screens");
const themes = ["light", "dark", "contrast"] as const;
const sizes = { "1440x900": { width: 1440, height: 900 }, "1024x700": { width: 1024, height: 700 }, zoom200: { width: 720, height: 450 } };
const small = new Set(["chat answer", "chat branches", "chat deleted", "knowledge documents", "models", "settings"]);
/** Scenes that are shown in high contrast, too; the others are made of the same parts. */
const contrasted = /^(welcome|settings|models$|models details|palette|jobs|shortcuts|chat answer|knowledge documents)/;
/** Scenes that are shown in the test language, too, where everything runs from the right. */
const mirrored = new Set(["chat answer", "knowledge documents"]);
const wanted = process.argv.slice(2);

const built = await buildRenderer();
const browser = await launchBrowser();
if (wanted.length === 0) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
let taken = 0;
for (const [name, scene] of Object.entries(scenes)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  for (const theme of contrasted.test(name) ? themes : (["light", "dark"] as const)) await take(name, scene, theme, "1440x900");
  if (mirrored.has(name)) await take(name, scene, "light", "1440x900", "ar-XB");
  if (!small.has(name)) continue;
  await take(name, scene, "light", "1024x700");
  await take(name, scene, "dark", "1024x700");
  await take(name, scene, "light", "zoom200");
}
if (wanted.length === 0 || wanted.some((part) => Object.keys(batchScenes).some((name) => name.includes(part)))) await takeBatch();
await browser.close();
console.log(`${taken} screenshots in docs/screens`);

async function take(name: string, scene: Scene, theme: (typeof themes)[number], size: keyof typeof sizes, language = "en"): Promise<void> {
  const core = await startScriptedServer(built);
  const { page, close } = await openPage(browser, core.server.createLink(), { theme: theme === "light" ? theme : "dark", ...sizes[size] });
  try {
    if (theme === "contrast")
      await page.evaluate(() => localStorage.setItem("croft.appearance", JSON.stringify({ state: { theme: "contrast" }, version: 0 })));
    if (theme === "contrast") await page.reload();
    await scene(page, core);
    if (language !== "en") {
      await page.evaluate((state) => localStorage.setItem("croft.appearance", JSON.stringify({ state, version: 0 })), { language });
      await page.reload();
      await page.getByRole("main").waitFor();
      await page.waitForLoadState("networkidle");
    }
    const variant = language === "en" ? theme : "mirrored";
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name.replaceAll(" ", "-")}-${variant}-${size}.png`), animations: "disabled" });
    taken += 1;
  } finally {
    await close();
    core.gate.open();
    await core.server.close(0);
  }
}

/** Batch is shown over the real core, reading small invoices by rules alone. */
async function takeBatch(): Promise<void> {
  const [invoices, server] = await Promise.all([makeInvoices(), startRealServer(built)]);
  try {
    const run = await runInvoices(server.client, invoices);
    for (const [name, scene] of Object.entries(batchScenes)) {
      if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
      for (const theme of ["light", "dark"] as const) {
        const { page, close } = await openPage(browser, server.createLink(), { theme, ...sizes["1440x900"] });
        await page.getByLabel("Your question").waitFor();
        await scene(page, { folder: invoices, run, client: server.client });
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({ path: join(folder, `${name.replaceAll(" ", "-")}-${theme}-1440x900.png`), animations: "disabled" });
        await close();
        taken += 1;
      }
    }
  } finally {
    await server.close();
    await rm(dirname(invoices), { recursive: true, force: true });
  }
}
