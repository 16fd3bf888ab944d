import { useLocation } from "react-router";
import { type Panel, useLayout } from "../view/layout-store.ts";

export type PanelWidth = {
  /** Pixels; undefined while the panel is as wide as it is by itself. */
  chosen: number | undefined;
  choose(width: number | undefined): void;
};

/** How wide a panel of the workspace that is open was made; each workspace has its own. */
export function usePanelWidth(panel: Panel): PanelWidth {
  const workspace = useLocation().pathname.split("/")[1] ?? "";
  const chosen = useLayout(({ widths }) => widths[`${workspace}.${panel}`]);
  const setWidth = useLayout((layout) => layout.setWidth);
  return { chosen, choose: (width) => setWidth(`${workspace}.${panel}`, width) };
}
