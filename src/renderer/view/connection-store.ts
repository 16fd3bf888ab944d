import { create } from "zustand";
import type { ConnectionState } from "../api/keep-connected.ts";

type ConnectionView = { state: ConnectionState; setState(state: ConnectionState): void };

/** What the status bar and the banner say about the connection to core. */
export const useConnection = create<ConnectionView>()((set) => ({
  state: "connecting",
  setState: (state) => set({ state }),
}));
