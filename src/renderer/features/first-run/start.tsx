import { Navigate, useNavigation } from "react-router";
import { useSettings } from "../../api/hooks.ts";
import { messages } from "../../components/messages.ts";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { useLayout } from "../../view/layout-store.ts";

/** Where the window begins: at the cards of the first start, else where it was left. */
export function Start() {
  const say = useWords(messages);
  const { data, error } = useSettings();
  const place = useLayout((layout) => layout.place);
  const isLeaving = useNavigation().state !== "idle";
  // A key may have led elsewhere while the settings were read: where the window was left would take that place again.
  if ((!data && !error) || isLeaving) return <SkeletonRows rows={8} label={say("loading")} />;
  const isNew = data?.find(({ key }) => key === "welcome.done")?.value === false;
  return <Navigate to={isNew ? "/welcome" : place} replace />;
}
