import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });

/** Serious and critical findings of axe on what is shown now, each with the element it is about. */
export const seriousFindings = (page: Page): Promise<string[]> => found(axe(page));

/** The findings of the rules that look at colours: all that another theme can change. */
export const colourFindings = (page: Page): Promise<string[]> => found(axe(page).withRules(["color-contrast", "link-in-text-block"]));

/**
 * The findings of every rule in the light theme, and of those that look at colours in the dark one: names,
 * roles, order and sizes are the same in both, and looking at them costs most. Leaves the dark theme.
 */
export async function findingsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const light = await seriousFindings(page);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const dark = await colourFindings(page);
  return [...light.map((finding) => `light: ${finding}`), ...dark.map((finding) => `dark: ${finding}`)];
}

async function found(builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary?.split("\n")[1]?.trim()}`),
    );
}
