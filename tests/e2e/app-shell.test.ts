import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { colourFindings } from "./helpers/axe.ts";
import { noBrowserReason } from "./helpers/browser.ts";
import { scenes } from "./helpers/scenes.ts";
import { useScriptedApp } from "./helpers/scripted-app.ts";
import { sidewaysScroll } from "./helpers/sideways-scroll.ts";

const reason = noBrowserReason();

describe.skipIf(reason)(`the frame${reason ? ` (skipped: ${reason})` : ""}`, () => {
  const { core, open, openAt } = useScriptedApp();
  const find = async (page: Page, words: string) => {
    const field = page.getByRole("combobox", { name: "Find a command" });
    // One that closes is still in the page for a moment.
    await field.waitFor({ state: "detached" });
    await page.keyboard.press("Control+k");
    await field.fill(words);
  };

  test("the palette opens collections, conversations, models and settings by their names", async () => {
    await core().client.chat.createThread({});
    const page = await open("Chat");
    await find(page, "harbour");
    await page.getByRole("option", { name: /Harbour Collection/ }).click();
    await page.getByRole("heading", { name: "Harbour", level: 1 }).waitFor();
    await find(page, "passages that a search");
    await page
      .getByRole("option", { name: /Setting/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.getByLabel("Passages that a search returns").waitFor();
    await find(page, "bge small");
    await page.getByRole("option", { name: /Model/ }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Used by").waitFor();
    await find(page, "xyzzy");
    await page.getByText("Nothing has these letters.").waitFor();
  });

  // The target is 50 ms on a quiet machine; what is told here is the bound that no load breaks, and the figure.
  test("the palette is there soon after its key", async () => {
    const page = await open("Chat");
    await page.getByLabel("Your question").waitFor();
    const took = () =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const start = performance.now();
            new MutationObserver((_, observer) => {
              if (!document.querySelector('[role="combobox"][aria-label="Find a command"]')) return;
              observer.disconnect();
              resolve(performance.now() - start);
            }).observe(document.body, { childList: true, subtree: true });
            window.dispatchEvent(new KeyboardEvent("keydown", { key: "k", code: "KeyK", ctrlKey: true, bubbles: true }));
          }),
      );
    const runs: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      runs.push(await took());
      await page.locator('[role="combobox"][aria-label="Find a command"]:focus').waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("combobox", { name: "Find a command" }).waitFor({ state: "detached" });
    }
    console.log(`palette: ${runs.map((ms) => ms.toFixed(0)).join(", ")} ms`);
    expect(Math.min(...runs)).toBeLessThan(500);
  });

  test("digits lead to every workspace, and the window begins again where it was left", async () => {
    const page = await open("Chat");
    for (const [digit, name] of [
      [1, "chat"],
      [2, "knowledge"],
      [3, "batch"],
      [4, "agents"],
      [5, "datasets"],
      [6, "models"],
      [7, "dashboard"],
      [8, "settings"],
    ] as const) {
      await page.keyboard.press(`Control+${digit}`);
      await page.waitForURL(new RegExp(`#/${name}`));
      // Some open their first entry, which is one more step of the same address.
      await page.getByRole("heading", { level: 1 }).first().waitFor();
    }
    await page.keyboard.press("Control+6");
    await page.getByRole("heading", { name: "Models", level: 1 }).waitFor();
    await expect.poll(() => page.evaluate(() => localStorage.getItem("croft.layout"))).toContain("/models");
    // From elsewhere: from the app itself it would only be another address in the same window.
    await page.goto("about:blank");
    await page.goto(core().server.createLink());
    await page.getByRole("heading", { name: "Models", level: 1 }).waitFor();
  });

  // Catches: keys that nobody hears yet, a start that leads back from where a key has led, a field that takes the focus from the palette.
  test.each(["with the frame", "before the settings", "with the settings"] as const)(
    "keys of the very first moment do what they say: %s",
    async (moment) => {
      const page = await openAt();
      await page.addInitScript(pressEarly, moment);
      const startPressing = async (key: string) => {
        await page.goto("about:blank");
        await page.goto(core().server.createLink().replace("#", `?press=${key}#`));
      };
      await startPressing("k");
      await page.getByLabel("Your question").waitFor();
      await page.locator('[role="combobox"][aria-label="Find a command"]:focus').waitFor();
      await page.keyboard.type("first steps");
      await page.getByRole("option", { name: /Go to/ }).waitFor({ state: "detached" });
      await startPressing("2");
      await page.getByRole("heading", { level: 1, name: "Harbour" }).waitFor();
    },
  );

  test("a model says what it is here and what uses it, and is loaded and unloaded", async () => {
    const page = await open("Models");
    await page.getByRole("button", { name: "About Qwen2.5 Coder 1.5B Instruct" }).click();
    await page.getByText("1.1 GB weights + 120 MB context + 200 MB overhead = 1.4 GB of 6.1 GB available").waitFor();
    await page.getByText("answers in the chat and in batch").waitFor();
    await page.getByRole("button", { name: "Load Qwen2.5 Coder 1.5B Instruct", exact: true }).click();
    await page.getByText("Loaded: the first question does not wait.").waitFor();
    await page.getByRole("button", { name: "Unload Qwen2.5 Coder 1.5B Instruct" }).click();
    await page.getByText("Taken out of memory.").waitFor();
    await expect.poll(() => core().models.requests.map(({ route }) => route)).toEqual(["load", "unload"]);
    await page.getByRole("button", { name: "Installed", exact: true }).click();
    await page.getByRole("button", { name: "About SmolLM2 135M Instruct" }).waitFor({ state: "detached" });
  });

  // Catches: a colour of the third theme, or of a system that chooses its own, that nobody can read.
  test.each(["settings", "models details", "welcome machine", "jobs", "palette", "chat answer"])(
    "%s can be read in high contrast and in colours of the system",
    async (name) => {
      const page = await openAt();
      await page.evaluate(() => localStorage.setItem("croft.appearance", JSON.stringify({ state: { theme: "contrast" }, version: 0 })));
      await page.reload();
      await page.getByRole("navigation", { name: "Workspaces" }).waitFor();
      await scenes[name]?.(page, core());
      expect(await colourFindings(page)).toEqual([]);
      await page.emulateMedia({ forcedColors: "active" });
      expect(await colourFindings(page)).toEqual([]);
    },
  );

  test.each(["compact", "comfortable"] as const)(
    "with %s rows nothing that is pressed is smaller than 24 pixels, and nothing scrolls sideways",
    async (density) => {
      const page = await openAt({ width: 1024, height: 700 });
      await page.evaluate(
        (value) => localStorage.setItem("croft.appearance", JSON.stringify({ state: { density: value }, version: 0 })),
        density,
      );
      await page.reload();
      for (const place of ["Chat", "Knowledge", "Models", "Settings"]) {
        await page.getByRole("link", { name: place, exact: true }).first().click();
        await page.getByRole("heading", { level: 1 }).or(page.getByLabel("Your question")).first().waitFor();
        const small = () =>
          page.evaluate(() =>
            [...document.querySelectorAll("button, select, [role=tab], nav a")]
              .filter((part) => part.checkVisibility() && part.getBoundingClientRect().width > 0)
              .filter((part) => part.getBoundingClientRect().height < 23.5)
              .map((part) => `${part.getAttribute("aria-label") ?? part.textContent}: ${part.getBoundingClientRect().height}`),
          );
        await expect.poll(small, { message: place }).toEqual([]);
        await expect.poll(() => sidewaysScroll(page), { message: place }).toBeLessThanOrEqual(0);
      }
    },
  );
});

/** Presses Ctrl and the key that the address names at a moment of the start that no person and no test would meet by intent. */
function pressEarly(moment: string): void {
  const key = new URLSearchParams(window.location.search).get("press");
  if (key === null) return;
  const press = () => {
    if (Reflect.get(window, "hasPressed")) return;
    Object.assign(window, { hasPressed: true });
    const code = key === "k" ? "KeyK" : `Digit${key}`;
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, ctrlKey: true, bubbles: true, cancelable: true }));
  };
  if (moment === "with the frame")
    new MutationObserver(() => document.querySelector('nav[aria-label="Workspaces"]') && press()).observe(document, {
      childList: true,
      subtree: true,
    });
  else
    window.WebSocket = class extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        // Heard before the app hears it.
        this.addEventListener("message", ({ data }) => {
          if (!String(data).includes("welcome.done")) return;
          if (moment === "before the settings") press();
          else setTimeout(press);
        });
      }
    };
}
