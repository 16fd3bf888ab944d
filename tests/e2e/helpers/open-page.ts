import type { Browser, Page } from "playwright-core";

export type OpenedPage = {
  page: Page;
  /** What went wrong without anybody seeing it: script errors, refused resources, requests to other places. */
  problems: string[];
  /** Every script that was loaded, by address, with its bytes as they came. */
  scripts: Map<string, Buffer>;
  close(): Promise<void>;
};

export type OpenOptions = { theme?: "light" | "dark"; width?: number; height?: number };

/** How many times slower than this machine the page computes: `CROFT_SLOW_BROWSER=6` shows what a loaded machine would. */
const slowness = Number(process.env["CROFT_SLOW_BROWSER"] ?? 1);

/** Opens a start link in a browser profile of its own and watches what the page does. */
export async function openPage(
  browser: Browser,
  link: string,
  { theme = "dark", width = 1440, height = 900 }: OpenOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const problems: string[] = [];
  const scripts = new Map<string, Buffer>();
  const { host } = new URL(link);
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.protocol !== "blob:" && url.host !== host) problems.push(`request to ${url.origin}`);
  });
  page.on("response", (response) => {
    if (response.request().resourceType() === "script")
      void response.body().then(
        (body) => scripts.set(response.url(), body),
        () => undefined,
      );
  });
  if (slowness > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slowness });
  await page.goto(link);
  await page.getByRole("navigation", { name: "Workspaces" }).waitFor();
  return { page, problems, scripts, close: () => context.close() };
}
