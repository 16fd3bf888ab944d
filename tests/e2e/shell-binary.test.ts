import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { _electron, type ElectronApplication } from "playwright-core";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildApp } from "../helpers/electron-stand-in/built-app.ts";
import { temporaryFolder } from "../helpers/profile.ts";

const root = resolve(import.meta.dirname, "../..");

/** Why the real Electron cannot be run here, or undefined. */
function noElectron(): string | undefined {
  const folder = join(root, "node_modules/electron");
  const note = join(folder, "path.txt");
  const program = existsSync(note) && join(folder, "dist", readFileSync(note, "utf8"));
  if (!program || !existsSync(program)) return "the Electron binary is not installed; npx install-electron fetches it";
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return "there is no display";
  return undefined;
}

const reason = noElectron();

async function launch(profile = temporaryFolder("croft-electron-")): Promise<{ app: ElectronApplication; profile: string }> {
  const app = await _electron.launch({ cwd: root, args: [root, "--profile", profile] });
  onTestFinished(() => app.close().catch(() => {}));
  return { app, profile };
}

describe.skipIf(reason)(`the app in the real Electron${reason ? ` (skipped: ${reason})` : ""}`, () => {
  beforeAll(buildApp, 120_000);

  it("opens its page over app: in a sandbox, isolated, and core answers", async () => {
    const { app } = await launch();
    const page = await app.firstWindow();
    await page.getByText(/\d MB/).first().waitFor();
    expect(page.url()).toMatch(/^app:\/\/croft\/index\.html/);
    expect(await page.evaluate(() => [typeof globalThis.process, Object.keys(Reflect.get(globalThis, "desktop") ?? {})])).toEqual([
      "undefined",
      ["pathForFile"],
    ]);
  });

  it("runs core as a process of its own, and starts it again when it is killed", async () => {
    const { app } = await launch();
    const page = await app.firstWindow();
    await page.getByText(/\d MB/).first().waitFor();
    const core = () => app.evaluate(({ app: electronApp }) => electronApp.getAppMetrics().find(({ name }) => name === "core")?.pid);
    const before = await core();
    process.kill(before ?? expect.fail("no core runs"), "SIGKILL");
    await expect.poll(core, { timeout: 20_000 }).not.toBe(before);
    await page.getByText(/\d MB/).first().waitFor();
  });

  it("quits cleanly", async () => {
    const { app } = await launch();
    await app.firstWindow();
    const ended = new Promise((done) => app.process().once("exit", (code, signal) => done([code, signal])));
    await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => {});
    expect(await ended).toEqual([0, null]);
  });
});
