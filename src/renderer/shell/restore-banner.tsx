import { TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { useSystemInfo } from "../api/hooks.ts";
import { IconButton } from "../components/icon-button.tsx";
import { useWords } from "../i18n/use-words.ts";
import { messages } from "./messages.ts";

/** Says that a backup did not take the place of the profile, which somebody who asked for it would else find out by looking for it. */
export function RestoreBanner() {
  const say = useWords(messages);
  const refused = useSystemInfo().data?.restoreRefused;
  const [closed, setClosed] = useState(false);
  if (!refused || closed) return null;
  return (
    <div role="alert" className="flex shrink-0 items-center gap-2 border-b border-line bg-bg3 px-4 py-1 text-fg">
      <TriangleAlert aria-hidden size={14} strokeWidth={1.5} className="shrink-0" />
      <p className="min-w-0 flex-1 break-words">
        {say("restoreRefused", { reason: refused.message })} {refused.hint}
      </p>
      <IconButton icon={X} label={say("close")} onClick={() => setClosed(true)} />
    </div>
  );
}
