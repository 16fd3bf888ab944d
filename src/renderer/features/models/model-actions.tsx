import type { Model } from "../../../shared/contract/models.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { formatBytes } from "../../components/format.ts";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

export type ModelActionsProps = {
  model: Model;
  /** A check of the model runs. */
  busy: boolean;
  /** Why nothing can be downloaded now, or undefined. */
  noDownload: string | undefined;
  downloading: boolean;
  onProbe(): void;
  onBench(): void;
  onRemove(): void;
  onDownload(): void;
};

/** What can be done with a model: tested, measured and removed where it is here, fetched where it is not. */
export function ModelActions({ model, busy, noDownload, downloading, ...on }: ModelActionsProps) {
  const say = useWords(messages);
  const { name, state, origin, bytes } = model;
  if (state !== "installed")
    return (
      <Button
        title={noDownload}
        disabled={noDownload !== undefined || downloading}
        onClick={on.onDownload}
        aria-label={say(state === "partial" ? "goOnNamed" : "downloadNamed", { name })}
      >
        {state === "partial" ? say("goOn") : say("download")}
      </Button>
    );
  return (
    <span className="inline-flex">
      <Button look="quiet" disabled={busy} title={say("loadsOnceProcessIts")} aria-label={say("testNamed", { name })} onClick={on.onProbe}>
        {say("test")}
      </Button>
      <Button look="quiet" disabled={busy} title={say("measuresItsSpeed")} aria-label={say("measureNamed", { name })} onClick={on.onBench}>
        {say("measure")}
      </Button>
      <Confirm
        trigger={
          <Button look="quiet" disabled={busy} aria-label={say("removeNamed", { name })}>
            {say("remove")}
          </Button>
        }
        title={say("removeQuestion", { name })}
        text={
          origin === "linked"
            ? say("removeLinked")
            : say("removeText", {
                bytes: formatBytes(bytes),
                what: origin === "imported" ? say("canBeImported") : say("canBeDownloaded"),
              })
        }
        action={say("removeModel")}
        onConfirm={on.onRemove}
      />
    </span>
  );
}
