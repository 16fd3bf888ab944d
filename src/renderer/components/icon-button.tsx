import { Tooltip } from "@base-ui/react/tooltip";
import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { tooltipPopup } from "./tooltip.tsx";

export type IconButtonProps = Omit<ComponentProps<"button">, "children"> & { icon: LucideIcon; label: string; keys?: string | undefined };

/** A square button whose name is its tooltip. */
export function IconButton({ icon: Icon, label, keys, className, ...props }: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        {...props}
        aria-label={label}
        className={classNames(
          "inline-flex size-7 shrink-0 items-center justify-center rounded-input text-fg2 hover:bg-bg3 hover:text-fg disabled:text-fg3 disabled:opacity-60",
          className,
        )}
      >
        <Icon aria-hidden size={16} strokeWidth={1.5} />
      </Tooltip.Trigger>
      {tooltipPopup(label, keys)}
    </Tooltip.Root>
  );
}
