import { Tooltip } from "@base-ui/react/tooltip";
import { showKeys } from "../shell/keys.ts";

/** The floating half of a tooltip: a name, and the key that does the same. */
export function tooltipPopup(label: string, keys?: string, side: "top" | "right" | "bottom" = "bottom") {
  return (
    <Tooltip.Portal>
      <Tooltip.Positioner sideOffset={6} side={side} className="z-50">
        <Tooltip.Popup className="label flex items-center gap-2 rounded-panel bg-bg2 px-2 py-1 text-fg shadow-float">
          {label}
          {keys && <kbd className="text-11 text-fg3">{showKeys(keys)}</kbd>}
        </Tooltip.Popup>
      </Tooltip.Positioner>
    </Tooltip.Portal>
  );
}
