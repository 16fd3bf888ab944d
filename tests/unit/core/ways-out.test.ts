import dns from "node:dns";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo, LookupFunction } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createEgress } from "../../../src/main/core/egress.ts";
import { createFetch, environmentFetch } from "../../../src/main/core/fetch.ts";
import { createNodeHost } from "../../../src/main/core/node-host.ts";
import { temporaryFolder } from "../../helpers/profile.ts";
import { startProxy } from "../../helpers/proxy.ts";
import { selfSigned } from "../../helpers/self-signed.ts";

afterEach(() => void vi.unstubAllEnvs());

const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
function environment(values: Record<string, string>): void {
  for (const name of proxyNames) vi.stubEnv(name, values[name]);
}

async function site(answer = "here") {
  const server = createServer((_request, response) => void response.end(answer)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
async function fetchText(url: string, options: Parameters<typeof createFetch>[0] = {}): Promise<string> {
  const { fetch, close } = createFetch(options);
  onTestFinished(close);
  return await (await fetch(url)).text();
}

describe("the proxy of the environment", () => {
  async function proxied() {
    const proxy = await startProxy();
    proxy.target = await site("through the proxy");
    onTestFinished(proxy.close);
    return proxy;
  }

  // Catches: a network that only lets its proxy out, in which nothing could ever be downloaded.
  it.each(["HTTP_PROXY", "http_proxy"])("named by %s is asked, by the name of the place and not by its address", async (name) => {
    const proxy = await proxied();
    environment({ [name]: proxy.origin });
    expect(await fetchText("http://models.example/weights")).toBe("through the proxy");
    expect(proxy.seen).toHaveLength(1);
    expect(proxy.seen[0]).toContain("models.example");
  });

  // Catches: what is on this machine, a provider for one, that is asked for at a proxy elsewhere.
  it("is not asked for what NO_PROXY names", async () => {
    const proxy = await proxied();
    const own = await site("direct");
    environment({ HTTP_PROXY: proxy.origin, NO_PROXY: "127.0.0.1,other.example" });
    expect(await fetchText(own)).toBe("direct");
    expect(proxy.seen).toEqual([]);
  });

  it("that is none is no proxy", async () => {
    environment({ HTTP_PROXY: "", HTTPS_PROXY: "" });
    expect(await fetchText(await site())).toBe("here");
  });

  it("that does not answer is an error, and never a way around it", async () => {
    environment({ HTTP_PROXY: "http://127.0.0.1:1" });
    await expect(fetchText("http://models.example/")).rejects.toThrow("fetch failed");
  });
});

describe("certificates of one's own", () => {
  const folder = () => temporaryFolder("croft-ca-");

  // Catches: a wrong path after which Croft says that something of its own failed, or trusts without it.
  it.each<[string, (file: string) => void]>([
    ["is not there", () => {}],
    ["is empty", (file) => writeFileSync(file, "")],
    ["holds a key alone", (file) => writeFileSync(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")],
    ["is binary", (file) => writeFileSync(file, Buffer.from([0x30, 0x82, 0, 1]))],
  ])("in a file that %s are refused, with the variable that names it", (_what, make) => {
    const file = join(folder(), "ca.pem");
    make(file);
    expect(() => createFetch({ certificateFile: file })).toThrow(
      expect.objectContaining({
        code: "FILE_UNREADABLE",
        message: expect.stringContaining(file),
        hint: expect.stringContaining("CROFT_CA_FILE"),
      }),
    );
  });

  it("that are refused leave no log and no profile behind", () => {
    const profile = join(folder(), "profile");
    vi.stubEnv("CROFT_CA_FILE", join(folder(), "absent.pem"));
    expect(() => createNodeHost({ kind: "cli", profile })).toThrow(expect.objectContaining({ code: "FILE_UNREADABLE" }));
    expect(existsSync(profile)).toBe(false);
  });

  it("an empty variable names none", async () => {
    vi.stubEnv("CROFT_CA_FILE", "");
    await createNodeHost({ kind: "cli", profile: folder() }).close();
  });

  // Catches: a company's network that reads its own traffic, in which every download fails; and a trust in anybody at all.
  it("are trusted beside the usual ones, and only when they are named", async () => {
    const { key, certificate } = selfSigned();
    const file = join(folder(), "ca.pem");
    writeFileSync(file, certificate);
    const server = createTlsServer({ key, cert: certificate }, (_request, response) => void response.end("trusted"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    environment({});
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    await expect(fetchText(url)).rejects.toThrow("fetch failed");
    expect(await fetchText(url, { certificateFile: file })).toBe("trusted");
    const proxy = await startProxy();
    proxy.target = new URL(url).origin;
    onTestFinished(proxy.close);
    // Catches: pages of the web that are refused in the very network whose certificates are named. By way of a proxy,
    // since a server on this machine is no public one.
    environment({ HTTPS_PROXY: proxy.origin });
    vi.stubEnv("CROFT_CA_FILE", file);
    const web = environmentFetch({ publicOnly: true });
    onTestFinished(web.close);
    expect(await (await web.fetch(url)).text()).toBe("trusted");
    expect(proxy.seen).toHaveLength(1);
  });
});

describe("a redirect by a public name into a private network", () => {
  /** Names as a server far away would have them resolved: all of them lead to this machine. */
  function everyNameLeadsHere(): void {
    const here: LookupFunction = (_hostname, options, callback) =>
      options.all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);
    const spy = vi.spyOn(dns, "lookup").mockImplementation(here as typeof dns.lookup);
    syncBuiltinESMExports();
    onTestFinished(() => {
      spy.mockRestore();
      syncBuiltinESMExports();
    });
  }

  // Catches: a hub, or whoever answers for it, that lets Croft fetch what only this machine and its network can see.
  it.each(["models", "provider"] as const)("is not followed for %s, and nothing behind it is asked", async (purpose) => {
    environment({});
    everyNameLeadsHere();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const { port } = server.address() as AddressInfo;
      if (request.url === "/file") response.writeHead(302, { location: `http://storage.example:${port}/secret` });
      if (request.url === "/here") response.writeHead(302, { location: `http://hub.example:${port}/there` });
      response.end(request.url);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const open = createFetch();
    const guarded = createFetch({ publicOnly: true });
    onTestFinished(async () => {
      await Promise.all([open.close(), guarded.close()]);
      server.close();
    });
    const hub = `http://hub.example:${port}`;
    const egress = createEgress({
      isOffline: () => false,
      hubs: [hub],
      providers: () => [hub, `http://storage.example:${port}`],
      fetch: open.fetch,
      fetchPublic: guarded.fetch,
    });
    await expect(egress[purpose](`${hub}/file`)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    expect(asked).toEqual(["/file"]);
    // A hub of one's own, in one's own network, may lead to itself.
    expect(await (await egress[purpose](`${hub}/here`)).text()).toBe("/there");
  });
});
