import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useRef } from "react";
import { IconButton } from "../components/icon-button.tsx";
import { useWords } from "../i18n/use-words.ts";
import { useOverlay } from "../view/layout-store.ts";
import { messages } from "./messages.ts";

export type OverlayProps = { name: "jobs" | "palette" | "shortcuts"; title: string; place: "top" | "right"; children: ReactNode };

const places = {
  top: "top-[12vh] inset-x-0 mx-auto w-[36rem] max-h-[70vh] max-w-[calc(100vw-2rem)] rounded-dialog",
  right: "top-0 end-0 bottom-0 w-[26rem] max-w-[calc(100vw-2rem)]",
};

/** One floating layer over the frame; Esc and a click beside it close it, and the focus goes back where it was. */
export function Overlay({ name, title, place, children }: OverlayProps) {
  const say = useWords(messages);
  const { open, hide } = useOverlay();
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root open={open === name} onOpenChange={(next) => next || hide()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-bg0/60" />
        <Dialog.Popup
          ref={popup}
          // Not the button to close, which stands first.
          initialFocus={name === "palette" ? () => popup.current?.querySelector("input") ?? popup.current : popup}
          className={`fixed z-50 flex flex-col overflow-hidden outline-none bg-bg2 shadow-float ${places[place]}`}
        >
          <div
            className={`flex h-10 shrink-0 items-center justify-between border-b border-line pe-2 ps-4 ${name === "palette" ? "sr-only" : ""}`}
          >
            <Dialog.Title className="label">{title}</Dialog.Title>
            <Dialog.Close render={<IconButton icon={X} label={say("close")} />} />
          </div>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a part that scrolls must be reachable by keyboard */}
          <div tabIndex={name === "palette" ? undefined : 0} className="min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]">
            {children}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
