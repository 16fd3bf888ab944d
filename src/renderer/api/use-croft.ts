import { createContext, useContext } from "react";
import type { Croft } from "./croft.ts";

export const CroftContext = createContext<Croft | undefined>(undefined);

export function useCroft(): Croft {
  const croft = useContext(CroftContext);
  if (!croft) throw new Error("useCroft needs a CroftContext above it");
  return croft;
}
