import { useEffect } from "react";
import { useLocation } from "react-router";
import { useLayout } from "../view/layout-store.ts";
import { workspaceOf } from "./workspaces.ts";

/** Keeps the workspace that is open, so that the next window begins there. */
export function useRememberedPlace(): void {
  const workspace = workspaceOf(useLocation().pathname)?.id;
  useEffect(() => {
    if (workspace) useLayout.getState().setPlace(`/${workspace}`);
  }, [workspace]);
}
