import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { Language } from "../i18n/messages.ts";

export const themes = ["auto", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

/** Base text size in pixels; 13 is the design's own. */
export const textSizes = [12, 13, 14, 16, 18, 20] as const;

/** Rows of 28, 32 and 40 pixels. */
export const densities = ["compact", "default", "comfortable"] as const;
export type Density = (typeof densities)[number];

/** `auto` does as the system says. */
export const motions = ["auto", "reduce"] as const;
export type Motion = (typeof motions)[number];

/** What a window looks like; every part of it has a default. */
export type Look = { theme: Theme; textSize: number; density: Density; motion: Motion; language: Language };

export const defaultLook: Look = { theme: "auto", textSize: 13, density: "default", motion: "auto", language: "en" };

type Appearance = Look & {
  setTheme(theme: Theme): void;
  setTextSize(textSize: number): void;
  setLook(look: Partial<Look>): void;
};

/** How this window looks. Kept per browser, not in core: two windows may differ. */
export const useAppearance = create<Appearance>()(
  persist(
    (set) => ({
      ...defaultLook,
      setTheme: (theme) => set({ theme }),
      setTextSize: (textSize) => set({ textSize }),
      setLook: (look) => set(look),
    }),
    { name: "croft.appearance" },
  ),
);

/** Writes the appearance to the document; every size is in rem, so one number scales all. */
export function applyAppearance(look: Partial<Look>, root: HTMLElement): void {
  const { theme, textSize, density, motion, language } = { ...defaultLook, ...look };
  const mark = (name: "theme" | "density" | "motion", value: string, standard: string) => {
    if (value === standard) delete root.dataset[name];
    else root.dataset[name] = value;
  };
  mark("theme", theme, "auto");
  mark("density", density, "default");
  mark("motion", motion, "auto");
  root.lang = language;
  root.dir = language === "en" ? "ltr" : "rtl";
  root.style.fontSize = textSize === 13 ? "" : `${(textSize / 13) * 100}%`;
}
