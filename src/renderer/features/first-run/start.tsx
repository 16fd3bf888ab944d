import { useEffect } from "react";
import { useNavigate } from "react-router";
import { useSettings } from "../../api/hooks.ts";
import { messages } from "../../components/messages.ts";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { useLayout } from "../../view/layout-store.ts";
import { firstPlace } from "./first-place.ts";

/**
 * Where the window begins: at the cards of the first start, else where it was left. A key may lead elsewhere while the
 * settings are read; `isLeaving` is asked at the last moment, so that such a way is never taken back.
 */
export function Start({ isLeaving }: { isLeaving(): boolean }) {
  const say = useWords(messages);
  const navigate = useNavigate();
  const { data, error } = useSettings();
  const place = firstPlace(
    data,
    error !== null,
    useLayout((layout) => layout.place),
  );
  useEffect(() => {
    if (place !== undefined && !isLeaving()) void navigate(place, { replace: true });
  }, [place, isLeaving, navigate]);
  return <SkeletonRows rows={8} label={say("loading")} />;
}
