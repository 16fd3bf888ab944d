import { contextBridge, ipcRenderer, webUtils } from "electron";

/**
 * All that a page is given. It knows no route and no feature: one port over which everything is said, handed on as
 * it comes, and the path of a file that a person dropped.
 *
 * The page receives `{ type: "port" }` with the port in `event.ports[0]`: once per load, and again each time the
 * process at the other end was replaced.
 */
ipcRenderer.on("port", (event) => {
  window.postMessage({ type: "port" }, window.location.origin, [...event.ports]);
});

export type Desktop = { pathForFile(file: File): string };

contextBridge.exposeInMainWorld("desktop", {
  pathForFile: (file) => webUtils.getPathForFile(file),
} satisfies Desktop);
