import type { CroftClient } from "../../../../shared/client/create-client.ts";
import { desktopHost } from "../../../api/host.ts";

/** Bytes of one part: base64 makes four of three, and a part must fit into a frame. */
const partBytes = 2 ** 20;

/** Where core finds a file: at its path, or, from a page that knows no paths, as an upload. */
export async function sendFile(
  client: Pick<CroftClient, "chat">,
  file: File,
  signal: AbortSignal,
): Promise<{ path: string } | { upload: string }> {
  const path = desktopHost()?.pathForFile(file);
  if (path) return { path };
  let upload: string | undefined;
  for (let at = 0; at === 0 || at < file.size; at += partBytes) {
    const data = await base64Of(file.slice(at, at + partBytes));
    const sent: { upload: string } = await client.chat.uploadPart(upload === undefined ? { data } : { upload, data }, { signal });
    upload = sent.upload;
  }
  return { upload: upload ?? "" };
}

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  // As many arguments as every engine takes.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
