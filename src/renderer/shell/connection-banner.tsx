import { LoaderCircle, TriangleAlert } from "lucide-react";
import { useWords } from "../i18n/use-words.ts";
import { useConnection } from "../view/connection-store.ts";
import { messages } from "./messages.ts";

/** Says when core cannot be reached, and what was kept. */
export function ConnectionBanner() {
  const say = useWords(messages);
  const state = useConnection((connection) => connection.state);
  if (state === "connected" || state === "connecting") return null;
  return (
    <div role="alert" className="flex h-8 shrink-0 items-center gap-2 border-b border-line bg-bg3 px-4 text-fg">
      {state === "reconnecting" ? (
        <>
          <LoaderCircle aria-hidden size={14} strokeWidth={1.5} className="motion-safe:animate-spin" />
          {say("bannerReconnecting")}
        </>
      ) : (
        <>
          <TriangleAlert aria-hidden size={14} strokeWidth={1.5} />
          {say("bannerRefused")}
        </>
      )}
    </div>
  );
}
