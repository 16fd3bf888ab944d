import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "../../components/icon-button.tsx";
import type { Versions } from "./branches.ts";

export type VersionSwitchProps = { versions: Versions; of: "question" | "answer"; onSelect(message: string): void };

/** ‹ 2/3 ›: which of several versions is open, and the way to the others. Nothing where there is but one. */
export function VersionSwitch({ versions: { ids, index }, of, onSelect }: VersionSwitchProps) {
  const [before, after] = [ids[index - 1], ids[index + 1]];
  if (ids.length < 2) return null;
  return (
    <span role="group" aria-label={`Versions of the ${of}`} className="inline-flex items-center">
      <IconButton
        icon={ChevronLeft}
        label={`Previous version of the ${of}`}
        keys="←"
        data-key="ArrowLeft"
        disabled={!before}
        onClick={() => before && onSelect(before)}
      />
      <span className="tnum px-0.5 text-fg2">
        {index + 1}/{ids.length}
      </span>
      <IconButton
        icon={ChevronRight}
        label={`Next version of the ${of}`}
        keys="→"
        data-key="ArrowRight"
        disabled={!after}
        onClick={() => after && onSelect(after)}
      />
    </span>
  );
}
