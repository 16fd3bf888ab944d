import { createServer, request } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";

/** A proxy on loopback that leads every name to one target, by tunnel or by forwarding, and keeps what it was asked for. */
export async function startProxy() {
  const seen: string[] = [];
  const proxy = { origin: "", target: "", seen, close: async () => {} };
  const server = createServer((incoming, outgoing) => {
    const { host, pathname } = new URL(incoming.url ?? "");
    seen.push(host);
    const forwarded = request(new URL(pathname, proxy.target), { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  server.on("connect", (incoming, client) => {
    seen.push(incoming.url ?? "");
    const { hostname, port } = new URL(proxy.target);
    const tunnel = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(tunnel).pipe(client);
    });
    for (const socket of [tunnel, client]) socket.on("error", () => void tunnel.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  proxy.close = async () => {
    server.closeAllConnections();
    server.close();
  };
  return proxy;
}
