import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(resolve(import.meta.dirname, "../../../src/renderer/styles/tokens.css"), "utf8");
const surfaces = ["bg0", "bg1", "bg2", "bg3"];

/** The oklch numbers of a token in one theme. */
function token(name: string, theme: "light" | "dark"): [number, number, number] {
  const match = new RegExp(`--${name}: light-dark\\(oklch\\(([^)]*)\\), oklch\\(([^)]*)\\)\\)`).exec(css);
  const numbers = (theme === "light" ? match?.[1] : match?.[2])?.split(/\s+/).map(Number);
  if (numbers?.length !== 3) throw new Error(`--${name} has no colour`);
  return numbers as [number, number, number];
}

/** Relative luminance (WCAG 2.2) of an oklch colour; matrices from the CSS Color 4 specification. */
function luminance([lightness, chroma, hue]: [number, number, number]): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: [number, number, number], other: [number, number, number]): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const lowest = (name: string, theme: "light" | "dark") =>
  Math.min(...surfaces.map((surface) => contrast(token(name, theme), token(surface, theme))));

test.each(["light", "dark"] as const)("text and meaning can be read on every surface of the %s theme", (theme) => {
  for (const name of ["fg", "fg2", "fg3", "accent", "source", "model", "human", "danger"])
    expect(lowest(name, theme), `${name} in ${theme}`).toBeGreaterThanOrEqual(4.5);
});

test.each(["light", "dark"] as const)("controls and the focus ring stand out by 3 to 1 in the %s theme", (theme) => {
  for (const name of ["control", "focus"]) expect(lowest(name, theme), `${name} in ${theme}`).toBeGreaterThanOrEqual(3);
});

test.each(["light", "dark"] as const)("marked evidence and primary buttons can be read in the %s theme", (theme) => {
  expect(contrast(token("fg", theme), token("source-fill", theme))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(token("on-accent", theme), token("accent", theme))).toBeGreaterThanOrEqual(4.5);
});

test("the colours are those of the design, to the number", () => {
  expect(token("source", "dark")).toEqual([0.8, 0.135, 80]);
  expect(token("model", "light")).toEqual([0.5, 0.16, 300]);
  expect(token("human", "dark")).toEqual([0.76, 0.12, 165]);
  expect(token("source-fill", "light")).toEqual([0.93, 0.09, 95]);
});
