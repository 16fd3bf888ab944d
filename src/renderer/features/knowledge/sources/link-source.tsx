import { Dialog } from "@base-ui/react/dialog";
import type { ReactElement } from "react";
import { useState } from "react";
import type { Collection, Source } from "../../../../shared/contract/knowledge.ts";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { SourceForm } from "./source-form.tsx";

export type LinkSourceProps = {
  collection: Collection;
  /** What is typed already. */
  path?: string;
  /** The source whose rules are changed; its path stays. */
  source?: Source;
  trigger: ReactElement;
  onLinked?: () => void;
};

/** Rules of a file or folder, with what they would do, before it is linked or while it is. */
export function LinkSource({ collection, path = "", source, trigger, onLinked }: LinkSourceProps) {
  const say = useWords(messages);
  const [open, setOpen] = useState(false);
  const close = () => (setOpen(false), onLinked?.());
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger render={trigger} />
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-bg0/60" />
        <Dialog.Popup className="fixed top-[6vh] left-1/2 z-50 flex max-h-[88vh] w-[38rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-dialog bg-bg2 p-5 shadow-float">
          <Dialog.Title className="text-16 font-title">
            {source ? say("rulesSource") : say("addToWithRules", { name: collection.name })}
          </Dialog.Title>
          <Dialog.Description className="mt-1 text-fg2">{say("filesReadWhereThey")}</Dialog.Description>
          <SourceForm collection={collection} path={path} source={source} onDone={close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
