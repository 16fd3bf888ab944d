import { AlertDialog } from "@base-ui/react/alert-dialog";
import type { ReactElement } from "react";
import { useWords } from "../i18n/use-words.ts";
import { Button } from "./button.tsx";
import { messages } from "./messages.ts";

export type ConfirmProps = { trigger: ReactElement; title: string; text: string; action: string; onConfirm(): void };

/** Asks before something that cannot be undone; says what goes and what stays. */
export function Confirm({ trigger, title, text, action, onConfirm }: ConfirmProps) {
  const say = useWords(messages);
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger render={trigger} />
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-bg0/70" />
        <AlertDialog.Popup className="fixed top-1/3 left-1/2 z-50 w-[26rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 rounded-dialog bg-bg2 p-5 shadow-float">
          <AlertDialog.Title className="text-16 font-title">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-fg2">{text}</AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close render={<Button size="normal">{say("keep")}</Button>} />
            <AlertDialog.Close
              render={
                <Button size="normal" look="danger" onClick={onConfirm}>
                  {action}
                </Button>
              }
            />
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
