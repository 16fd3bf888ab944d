import { create } from "zustand";
import { persist } from "zustand/middleware";

export const themes = ["auto", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

/** Base text size in pixels; 13 is the design's own. */
export const textSizes = [12, 13, 14, 16, 18, 20] as const;

type Appearance = {
  theme: Theme;
  textSize: number;
  setTheme(theme: Theme): void;
  setTextSize(textSize: number): void;
};

/** How this window looks. Kept per browser, not in core: two windows may differ. */
export const useAppearance = create<Appearance>()(
  persist(
    (set) => ({
      theme: "auto",
      textSize: 13,
      setTheme: (theme) => set({ theme }),
      setTextSize: (textSize) => set({ textSize }),
    }),
    { name: "croft.appearance" },
  ),
);

/** Writes the appearance to the document; every size is in rem, so one number scales all. */
export function applyAppearance({ theme, textSize }: Pick<Appearance, "theme" | "textSize">, root: HTMLElement): void {
  if (theme === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  root.style.fontSize = textSize === 13 ? "" : `${(textSize / 13) * 100}%`;
}
