import type { MenuItemConstructorOptions } from "electron";

export type MenuOptions = {
  platform: NodeJS.Platform;
  /** Adds reload and developer tools. */
  development: boolean;
  show: (route: string) => void;
  openFile: () => void;
};

type Place = { label: string; route: string; accelerator: string };

const places: Place[] = [
  { label: "Chat", route: "/chat", accelerator: "CommandOrControl+1" },
  { label: "Knowledge", route: "/knowledge", accelerator: "CommandOrControl+2" },
  { label: "Models", route: "/models", accelerator: "CommandOrControl+6" },
];

/** The menu bar. Keys that belong to the page are not repeated here: a menu would take them away from it. */
export function menuTemplate({ platform, development, show, openFile }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === "darwin";
  const settings: MenuItemConstructorOptions = { label: "Settings…", accelerator: "CommandOrControl+,", click: () => show("/settings") };
  return [
    ...(mac
      ? [
          {
            role: "appMenu",
            submenu: [
              { role: "about" },
              { type: "separator" },
              settings,
              { type: "separator" },
              { role: "hide" },
              { role: "hideOthers" },
              { role: "unhide" },
              { type: "separator" },
              { role: "quit" },
            ],
          } satisfies MenuItemConstructorOptions,
        ]
      : []),
    {
      label: "File",
      submenu: [
        { label: "Add Files or a Folder…", accelerator: "CommandOrControl+O", click: openFile },
        { type: "separator" },
        ...(mac ? [{ role: "close" } as const] : [settings, { type: "separator" } as const, { role: "quit" } as const]),
      ],
    },
    { role: "editMenu" },
    {
      label: "View",
      submenu: [
        ...places.map(({ label, route, accelerator }): MenuItemConstructorOptions => ({ label, accelerator, click: () => show(route) })),
        { type: "separator" },
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { role: "togglefullscreen" },
        ...(development ? [{ type: "separator" } as const, { role: "reload" } as const, { role: "toggleDevTools" } as const] : []),
      ],
    },
    { role: "windowMenu" },
  ];
}
