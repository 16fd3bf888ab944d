import { Suspense } from "react";
import { Outlet, useNavigation } from "react-router";
import { JobsDrawer } from "../features/jobs/jobs-drawer.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useWords } from "../i18n/use-words.ts";
import { useCommandKeys, useCommands } from "./commands.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { messages } from "./messages.ts";
import { Palette } from "./palette.tsx";
import { Rail } from "./rail.tsx";
import { RestoreBanner } from "./restore-banner.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import { UndoBar } from "./undo-bar.tsx";
import { useRememberedPlace } from "./use-remembered-place.ts";

/** The frame around every workspace. */
export function Shell() {
  const say = useWords(messages);
  const commands = useCommands();
  useCommandKeys(commands);
  useRememberedPlace();
  const loading = useNavigation().state === "loading";
  return (
    <div className="relative flex h-full flex-col">
      <TopBar />
      <ConnectionBanner />
      <RestoreBanner />
      <div className="flex min-h-0 flex-1">
        <Rail />
        <div className="relative flex min-h-0 min-w-0 flex-1" aria-busy={loading}>
          <Suspense fallback={<SkeletonRows rows={8} label={say("loading")} />}>
            <Outlet />
          </Suspense>
        </div>
      </div>
      <UndoBar />
      <StatusBar />
      <JobsDrawer />
      <Palette commands={commands} />
      <Shortcuts commands={commands} />
    </div>
  );
}
