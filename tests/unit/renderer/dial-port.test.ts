import { afterEach, expect, test } from "vitest";
import { dialPort } from "../../../src/renderer/api/dial-port.ts";

const open: MessagePort[] = [];
afterEach(() => open.splice(0).forEach((port) => port.close()));

/** A window that a preload hands ports to, and the core side of the last port. */
function windowWithPorts() {
  const target = new EventTarget();
  const handOver = (data: unknown = { type: "port" }, source: unknown = target) => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    const event = new MessageEvent("message", { data, ports: [port2] });
    Object.defineProperty(event, "source", { value: source });
    target.dispatchEvent(event);
    return port1;
  };
  return { window: target, handOver };
}

const signal = new AbortController().signal;

/** Whether a promise is settled once everything that is due now has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test("a port that arrived before anybody dialled is used", async () => {
  const { window, handOver } = windowWithPorts();
  const dial = dialPort(window);
  const core = handOver();
  const wire = await dial(signal);
  const heard = new Promise((resolve) => core.addEventListener("message", ({ data }) => resolve(data)));
  core.start();
  void wire.link.call(["system", "info"], {}, { context: {} }).catch(() => {});
  expect(await heard).toContain("system/info");
});

test("a new port ends the connection over the old one, so that its calls fail instead of waiting", async () => {
  const { window, handOver } = windowWithPorts();
  const dial = dialPort(window);
  handOver();
  const first = await dial(signal);
  const call = first.link.call(["system", "info"], {}, { context: {} });
  const failed = expect(call).rejects.toMatchObject({ code: "CLOSED" });
  handOver();
  await failed;
  await first.closed;
  expect(await isSettled(dial(signal))).toBe(true);
});

test("messages of other windows and of other kinds hand nothing over", async () => {
  const { window, handOver } = windowWithPorts();
  const dial = dialPort(window);
  handOver({ type: "port" }, new EventTarget());
  handOver({ type: "other" });
  handOver("port");
  expect(await isSettled(dial(signal))).toBe(false);
});
