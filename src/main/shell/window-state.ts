import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Rectangle } from "electron";
import { z } from "zod";

const Size = z.number().int().min(-100_000).max(100_000);
const WindowState = z.object({ x: Size, y: Size, width: Size, height: Size, maximized: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;

export const smallest = { width: 720, height: 480 };
const usual = { width: 1360, height: 880 };
/** At least so much of the title bar must be on a display that a person can catch the window with the mouse. */
const grip = { width: 160, height: 32 };

/**
 * Where a window opens: where it was, if a display still shows it there, no larger than that display; otherwise in
 * the middle of the first display, whose work area must come first in `displays`.
 */
export function placeWindow(saved: WindowState | undefined, displays: readonly Rectangle[]): WindowState {
  const home = saved && displays.find((area) => shows(area, saved));
  const area = home ?? displays[0] ?? { x: 0, y: 0, ...usual };
  const { width: wishedWidth, height: wishedHeight } = saved ?? usual;
  const width = clamp(wishedWidth, smallest.width, area.width);
  const height = clamp(wishedHeight, smallest.height, area.height);
  if (saved && home) return { ...saved, width, height };
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
    maximized: saved?.maximized ?? false,
  };
}

function shows(area: Rectangle, window: Rectangle): boolean {
  const width = Math.min(area.x + area.width, window.x + window.width) - Math.max(area.x, window.x);
  const titleBarVisible = window.y >= area.y && window.y + grip.height <= area.y + area.height;
  return width >= grip.width && titleBarVisible;
}

const clamp = (value: number, low: number, high: number) => Math.max(Math.min(value, high), Math.min(low, high));

/** Undefined when there is none or it is damaged: then the window opens where a first one would. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Writes at once, since a window is closing; losing it costs nothing but a place on the screen, so errors are dropped. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(state));
    renameSync(`${file}.new`, file);
  } catch {
    // See above.
  }
}
