/** What the preload of the desktop app gives to the page. */
export type DesktopHost = {
  /** The absolute path of a file that was dropped or picked. */
  pathForFile(file: File): string;
};

declare global {
  interface Window {
    desktop?: DesktopHost;
  }
}

/** The desktop host, or undefined in a browser, where files have no paths. */
export const desktopHost = (): DesktopHost | undefined => window.desktop;
