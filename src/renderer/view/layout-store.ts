import { create } from "zustand";
import { persist } from "zustand/middleware";

type Layout = {
  railWide: boolean;
  listOpen: boolean;
  /** The workspace that was open last. */
  place: string;
  setPlace(place: string): void;
  toggleRail(): void;
  toggleList(): void;
};

/** Which parts of the frame are open; survives a reload. */
export const useLayout = create<Layout>()(
  persist(
    (set) => ({
      railWide: false,
      listOpen: true,
      place: "/chat",
      setPlace: (place) => set({ place }),
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
