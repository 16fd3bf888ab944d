import { useMemo } from "react";
import { useAppearance } from "../view/appearance-store.ts";
import type { Words } from "./messages.ts";
import { wordsIn } from "./messages.ts";

/** The messages of a feature in the language of this window. */
export function useWords<Catalogue extends Record<string, string>>(catalogue: Catalogue): Words<Catalogue> {
  const language = useAppearance((appearance) => appearance.language);
  return useMemo(() => wordsIn(catalogue, language), [catalogue, language]);
}
