import type { Dialog, Shell } from "electron";
import type { WireError } from "../../shared/errors.ts";

export type Dialogs = Pick<Dialog, "showMessageBox" | "showOpenDialog">;

/** Shows a link whole before it leaves the app, since a page cannot be trusted to show where it leads. */
export async function askToOpenLink(dialog: Dialogs, shell: Pick<Shell, "openExternal">, url: URL): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: "question",
    message: `Open this address in your browser?`,
    detail: url.href,
    buttons: ["Open", "Cancel"],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  });
  if (response === 0) await shell.openExternal(url.href);
}

/** Says why core cannot run; true when it is to be tried again. */
export async function askToRetry(dialog: Dialogs, { message, hint }: WireError): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: "error",
    message,
    ...(hint === undefined ? {} : { detail: hint }),
    buttons: ["Try again", "Quit"],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}

/** Lets a person choose what to add: files, and on a Mac folders in the same dialog. Undefined when nothing was chosen. */
export async function chooseFile(dialog: Dialogs, platform: NodeJS.Platform): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: "Add to a collection",
    properties: platform === "darwin" ? ["openFile", "openDirectory"] : ["openFile"],
  });
  return canceled ? undefined : filePaths[0];
}
