/**
 * Script of the page's own world, before any script of the page: makes what the preload exposes. Worlds share the
 * document only, so calls between them are synchronous events on it.
 */
export const mainWorldScript = `(() => {
  const expose = (event) => {
    const { name, methods } = JSON.parse(event.detail);
    const api = {};
    for (const method of methods) api[method] = (...args) => {
      let result;
      const take = (answer) => { result = answer.detail; };
      window.addEventListener("stand-in:result", take, { once: true });
      window.dispatchEvent(new CustomEvent("stand-in:call:" + name + "." + method, { detail: args }));
      window.removeEventListener("stand-in:result", take);
      return result;
    };
    Object.defineProperty(window, name, { value: Object.freeze(api), enumerable: true });
  };
  window.addEventListener("stand-in:expose", expose);
  window.addEventListener("DOMContentLoaded", () => window.removeEventListener("stand-in:expose", expose), { once: true });
  window.__violations = [];
  document.addEventListener("securitypolicyviolation", (event) => window.__violations.push(event.violatedDirective + " " + event.blockedURI));
})();`;

/** Name of the world that the preload runs in, and of the line from it to the app. */
export const worldName = "preload";
export const bindingName = "__toMain";

/** Script of the preload's world: its \`electron\`, then the built preload itself. */
export function preloadScript(preload: string): string {
  return `(() => {
  const toMain = (frame) => globalThis.${bindingName}(JSON.stringify(frame));
  const listeners = new Map();
  const ports = new Map();
  const openPort = (id) => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.addEventListener("close", () => toMain({ kind: "portClosed", port: id }));
    port1.onmessage = ({ data }) => toMain({ kind: "port", port: id, data });
    return port2;
  };
  globalThis.__fromMain = (frame) => {
    if (frame.kind === "port") ports.get(frame.port)?.postMessage(frame.data);
    else if (frame.kind === "portClosed") ports.get(frame.port)?.close();
    else for (const listener of listeners.get(frame.channel) ?? []) listener({ ports: frame.ports.map(openPort) }, frame.data);
  };
  const electron = {
    ipcRenderer: { on(channel, listener) { listeners.set(channel, [...(listeners.get(channel) ?? []), listener]); } },
    webUtils: { getPathForFile: (file) => globalThis.__paths?.[file.name] ?? "" },
    contextBridge: {
      exposeInMainWorld(name, api) {
        for (const [method, call] of Object.entries(api)) {
          window.addEventListener("stand-in:call:" + name + "." + method, (event) => {
            window.dispatchEvent(new CustomEvent("stand-in:result", { detail: call(...event.detail) }));
          });
        }
        window.dispatchEvent(new CustomEvent("stand-in:expose", { detail: JSON.stringify({ name, methods: Object.keys(api) }) }));
      },
    },
  };
  const require = (name) => {
    if (name === "electron") return electron;
    throw new Error("A sandboxed preload cannot require " + name);
  };
  const module = { exports: {} };
  (function (require, module, exports) { ${preload}
  })(require, module, module.exports);
  toMain({ kind: "awake" });
})();`;
}
