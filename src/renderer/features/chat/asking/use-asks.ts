import { createContext, useContext, useSyncExternalStore } from "react";
import type { Ask } from "./ask-state.ts";
import type { Asks } from "./asks.ts";

export const AsksContext = createContext<Asks | undefined>(undefined);

export function useAsks(): Asks {
  const asks = useContext(AsksContext);
  if (!asks) throw new Error("useAsks needs an AsksContext above it");
  return asks;
}

/** The latest ask of a thread in this window, following it as it goes on. */
export function useAsk(key: string): Ask | undefined {
  const asks = useAsks();
  const latest = () => asks.of(key);
  return useSyncExternalStore(asks.subscribe, latest, latest);
}
