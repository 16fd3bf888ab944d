import { join } from "node:path";
import { app, dialog, Menu, nativeImage, powerMonitor, protocol, safeStorage, session, shell, Tray, utilityProcess } from "electron";
import { childEnvironment } from "./core/child-environment.ts";
import { createLogFiles } from "./core/log-files.ts";
import { createLogger } from "./core/logger.ts";
import { createAppHandler } from "./shell/app-protocol.ts";
import { isAppUrl, scheme } from "./shell/content-policy.ts";
import { guardContents } from "./shell/contents-guard.ts";
import { superviseCore } from "./shell/core-supervisor.ts";
import { askToOpenLink, askToRetry, chooseFile } from "./shell/desktop-dialogs.ts";
import { createHostServices } from "./shell/host-services.ts";
import { linkScheme, parseCommandLine, parseFile, parseLink } from "./shell/launch-request.ts";
import type { LaunchRequest } from "./shell/launch-request.ts";
import { menuTemplate } from "./shell/menu.ts";
import { appFiles, modelsFolder, profileFiles, profileFolder, readArguments } from "./shell/shell-paths.ts";
import { drainBeforeQuit } from "./shell/quit.ts";
import { createSecretStore } from "./shell/secret-store.ts";
import { guardSession } from "./shell/session-guard.ts";
import { createWindows } from "./shell/windows.ts";

const quitDeadlineMs = 5_000;

// A package has no script among its arguments.
const argumentsAt = app.isPackaged ? 1 : 2;
const started = readArguments(process.argv.slice(argumentsAt));
const profile = profileFolder(started.profile, process.env);
const own = profileFiles(profile);
const files = appFiles(app.getAppPath());
// A package never listens to the environment: whoever sets it could load a page of their own.
const dev = app.isPackaged ? undefined : process.env["ELECTRON_RENDERER_URL"];
const devOrigin = dev === undefined ? undefined : new URL(dev).origin;
const { write: logRecord } = createLogFiles(own.logs);
const log = createLogger(logRecord, Date.now, "shell");
const isOwnPage = (url: string) => isAppUrl(url) || (devOrigin !== undefined && URL.parse(url)?.origin === devOrigin);

// All of this must have happened before Electron is ready.
app.enableSandbox();
app.setPath("userData", own.browser);
protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
let request: LaunchRequest | undefined = parseCommandLine(started.rest, process.cwd());
let show = (asked: LaunchRequest | undefined): void => void (request = asked ?? request);
app.on("open-file", (event, path) => {
  event.preventDefault();
  show(parseFile(path));
});
app.on("open-url", (event, link) => {
  event.preventDefault();
  show(parseLink(link));
});
app.on("second-instance", (_event, args, folder) => show(parseCommandLine(readArguments(args.slice(argumentsAt)).rest, folder)));

if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

function run(): void {
  guardSession(session.defaultSession, devOrigin);
  app.on("web-contents-created", (_event, contents) => guardContents(contents, devOrigin, (url) => void askToOpenLink(dialog, shell, url)));
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);

  const core = superviseCore({
    fork: (program, { serviceName, memoryMb }) =>
      utilityProcess.fork(join(files.programs, `${program}.js`), [], {
        serviceName,
        // The desktop keeps its secrets in the system's key store and takes none from here.
        env: childEnvironment(process.env),
        stdio: "inherit",
        ...(memoryMb === undefined ? {} : { execArgv: [`--max-old-space-size=${memoryMb}`] }),
      }),
    start: { kind: "start", offline: started.offline, paths: { profile, models: modelsFolder(process.env), resources: files.resources } },
    services: createHostServices(createSecretStore(own.secrets, safeStorage, process.platform), {
      showInFolder: (path) => shell.showItemInFolder(path),
    }),
    log: logRecord,
    onAwake: () => windows.connectAll(),
    onGivenUp: (error) => void askToRetry(dialog, error).then((again) => (again ? core.retry() : app.quit())),
  });
  const windows = createWindows({
    preload: files.preload,
    icon: files.icon,
    stateFile: own.windowState,
    dev,
    isOwnPage,
    connect: core.connect,
    log: (event, fields) => log.warn(event, fields),
  });
  protocol.handle(scheme, createAppHandler({ folder: files.page, bytes: core.bytes }));

  const openFile = () => void chooseFile(dialog, process.platform).then((path) => path !== undefined && show(parseFile(path)));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ platform: process.platform, development: !app.isPackaged, show: windows.show, openFile })),
  );
  const tray = new Tray(nativeImage.createFromPath(files.trayIcon));
  tray.setToolTip("Croft");
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: "Show Croft", click: () => windows.show() },
      { label: "Quit", click: () => app.quit() },
    ]),
  );
  tray.on("click", () => windows.show());

  const quit = drainBeforeQuit(app, async () => {
    windows.retire();
    await core.close(quitDeadlineMs);
    tray.destroy();
  });
  app.on("window-all-closed", () => process.platform !== "darwin" && app.quit());
  app.on("activate", () => windows.show());
  app.on("child-process-gone", (_event, { type, reason, exitCode, name }) => log.warn("process.gone", { type, reason, exitCode, name }));
  powerMonitor.on("shutdown", () => app.quit());
  process.on("uncaughtException", (error) => fail("shell.uncaught", error));
  process.on("unhandledRejection", (error) => fail("shell.unhandled-rejection", error));

  /** The shell is no longer to be trusted with anything but an orderly end. */
  function fail(event: string, error: unknown): void {
    log.error(event, { error });
    if (quit.quitting) return;
    dialog.showErrorBox(
      "Croft has to close",
      "Something in its window failed. Your documents and conversations are kept; the log has the details.",
    );
    app.quit();
  }

  show = (asked) => windows.show(asked?.route);
  show(request);
}
