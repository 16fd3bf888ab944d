import type { Model } from "../../../shared/contract/models.ts";
import { Button } from "../../components/button.tsx";
import { Confirm } from "../../components/confirm.tsx";
import { formatBytes } from "../../components/format.ts";

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
  const { name, state, origin, bytes } = model;
  if (state !== "installed")
    return (
      <Button
        title={noDownload}
        disabled={noDownload !== undefined || downloading}
        onClick={on.onDownload}
        aria-label={`${state === "partial" ? "Go on with" : "Download"} ${name}`}
      >
        {state === "partial" ? "Go on" : "Download"}
      </Button>
    );
  return (
    <span className="inline-flex">
      <Button look="quiet" disabled={busy} title="Loads it once in a process of its own" aria-label={`Test ${name}`} onClick={on.onProbe}>
        Test
      </Button>
      <Button look="quiet" disabled={busy} title="Measures its speed on this machine" aria-label={`Measure ${name}`} onClick={on.onBench}>
        Measure
      </Button>
      <Confirm
        trigger={
          <Button look="quiet" disabled={busy} aria-label={`Remove ${name}`}>
            Remove
          </Button>
        }
        title={`Remove ${name}?`}
        text={
          origin === "linked"
            ? "Croft forgets this file; the file itself stays where it is."
            : `Its file is deleted and ${formatBytes(bytes)} become free. ${origin === "imported" ? "It can be imported again." : "It can be downloaded again."}`
        }
        action="Remove model"
        onConfirm={on.onRemove}
      />
    </span>
  );
}
