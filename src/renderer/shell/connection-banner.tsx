import { LoaderCircle, TriangleAlert } from "lucide-react";
import { useConnection } from "../view/connection-store.ts";

/** Says when core cannot be reached, and what was kept. */
export function ConnectionBanner() {
  const state = useConnection((connection) => connection.state);
  if (state === "connected" || state === "connecting") return null;
  return (
    <div role="alert" className="flex h-8 shrink-0 items-center gap-2 border-b border-line bg-bg3 px-4 text-fg">
      {state === "reconnecting" ? (
        <>
          <LoaderCircle aria-hidden size={14} strokeWidth={1.5} className="motion-safe:animate-spin" />
          Reconnecting to Croft's core. What was saved is kept; work in progress goes on when it is back.
        </>
      ) : (
        <>
          <TriangleAlert aria-hidden size={14} strokeWidth={1.5} />
          This page was not let in. Open the address that the server printed when it started; it holds a token.
        </>
      )}
    </div>
  );
}
