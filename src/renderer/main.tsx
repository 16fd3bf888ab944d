import "./styles/main.css";
import { createRoot } from "react-dom/client";
import { createCroft } from "./api/croft.ts";
import { dialPort } from "./api/dial-port.ts";
import { dialWebSocket } from "./api/dial-websocket.ts";
import { desktopHost } from "./api/host.ts";
import { keepConnected } from "./api/keep-connected.ts";
import { followCore } from "./api/live.ts";
import { startSession } from "./api/session.ts";
import type { Dial } from "./api/wire.ts";
import { App } from "./app.tsx";
import { applyAppearance, useAppearance } from "./view/appearance-store.ts";
import { useConnection } from "./view/connection-store.ts";

applyAppearance(useAppearance.getState(), document.documentElement);
useAppearance.subscribe((appearance) => applyAppearance(appearance, document.documentElement));

const started = new AbortController();
const { setState } = useConnection.getState();
const connection = keepConnected(desktopHost() ? dialPort(window) : dialBrowser(), {
  onState: (state) => {
    const before = useConnection.getState().state;
    setState(state);
    // What happened while the connection was away is unknown, so everything that is on screen is read again.
    if (state === "connected" && before === "reconnecting") void croft.cache.invalidateQueries();
  },
});
const croft = createCroft(connection.link);
followCore(croft, started.signal);

const root = document.getElementById("root");
if (root) createRoot(root).render(<App croft={croft} />);

/** In a browser core is the server that the page came from. */
function dialBrowser(): Dial {
  const session = startSession(window.location, window.history);
  const dial = dialWebSocket(new URL("rpc", window.location.href.replace(/^http/, "ws").replace(/#.*$/, "")).href);
  return async (signal) => {
    await session;
    return dial(signal);
  };
}
