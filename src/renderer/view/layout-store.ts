import { create } from "zustand";
import { persist } from "zustand/middleware";

/** A part beside the main one that can be made wider. */
export type Panel = "list" | "inspector";
type PanelOf = `${string}.${Panel}`;

type Layout = {
  railWide: boolean;
  listOpen: boolean;
  /** The workspace that was open last. */
  place: string;
  /** Pixels, by workspace and panel; those that were never changed are as wide as they are by themselves. */
  widths: Readonly<Record<PanelOf, number | undefined>>;
  setPlace(place: string): void;
  setWidth(panel: PanelOf, width: number | undefined): void;
  toggleRail(): void;
  toggleList(): void;
};

/** Which parts of the frame are open and how wide they are; survives a reload. */
export const useLayout = create<Layout>()(
  persist(
    (set) => ({
      railWide: false,
      listOpen: true,
      place: "/chat",
      widths: {},
      setPlace: (place) => set({ place }),
      setWidth: (panel, width) => set(({ widths }) => ({ widths: { ...widths, [panel]: width } })),
      toggleRail: () => set(({ railWide }) => ({ railWide: !railWide })),
      toggleList: () => set(({ listOpen }) => ({ listOpen: !listOpen })),
    }),
    { name: "croft.layout" },
  ),
);

type Overlay = "jobs" | "palette" | "shortcuts";
type Overlays = { open: Overlay | undefined; show(overlay: Overlay): void; hide(): void };

/** The one floating layer over the frame, if any. */
export const useOverlay = create<Overlays>()((set) => ({
  open: undefined,
  show: (open) => set({ open }),
  hide: () => set({ open: undefined }),
}));
