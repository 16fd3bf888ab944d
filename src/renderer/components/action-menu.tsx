import { Menu } from "@base-ui/react/menu";
import type { LucideIcon } from "lucide-react";
import { classNames } from "./class-names.ts";
import { IconButton } from "./icon-button.tsx";

export type Action = { title: string; note?: string; danger?: boolean; run(): void };

export type ActionMenuProps = { icon: LucideIcon; label: string; actions: readonly Action[]; disabled?: boolean; align?: "start" | "end" };

/** A button that opens a list of things to do. */
export function ActionMenu({ icon, label, actions, disabled = false, align = "end" }: ActionMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger disabled={disabled} render={<IconButton icon={icon} label={label} />} />
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align={align} className="z-50">
          <Menu.Popup aria-label={label} className="max-h-80 min-w-52 overflow-y-auto rounded-panel bg-bg2 p-1 shadow-float outline-none">
            {actions.map(({ title, note, danger, run }) => (
              <Menu.Item
                key={title}
                onClick={run}
                className={classNames(
                  "flex h-8 items-center gap-4 rounded-input px-2 outline-none data-[highlighted]:bg-bg3",
                  danger && "text-danger",
                )}
              >
                <span className="min-w-0 flex-1 truncate">{title}</span>
                {note && <span className="text-11 text-fg3">{note}</span>}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
