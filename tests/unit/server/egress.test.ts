import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEgress, type EgressPolicy } from "../../../src/main/core/egress.ts";
import { createFetch, isPrivateAddress } from "../../../src/main/core/fetch.ts";

describe("isPrivateAddress", () => {
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fec0::1",
  ])("knows %s", (address) => expect(isPrivateAddress(address)).toBe(true));
  it.each(["1.1.1.1", "172.32.0.1", "2606:4700::1111", "example.org"])("lets %s pass", (address) =>
    expect(isPrivateAddress(address)).toBe(false),
  );
});

describe("createEgress", () => {
  const asked: string[] = [];
  const answers: Record<string, Response> = {};
  const answer =
    (name: string): typeof fetch =>
    async (input) => {
      const url = new URL(input instanceof Request ? input.url : input);
      asked.push(`${name} ${url.href}`);
      return answers[url.href] ?? new Response("ok");
    };
  const policy = (over: Partial<EgressPolicy> = {}): EgressPolicy => ({
    isOffline: () => false,
    hubs: ["https://hub.example"],
    providers: () => ["https://api.example", "http://127.0.0.1:11434"],
    fetch: answer("open"),
    fetchPublic: answer("public"),
    ...over,
  });
  const redirect = (to: string, status = 302): Response => new Response(null, { status, headers: { location: to } });

  // Catches: a connection in spite of the switch.
  it.each(["models", "url", "provider"] as const)("asks nobody for %s when it is offline", async (purpose) => {
    asked.length = 0;
    await expect(createEgress(policy({ isOffline: () => true }))[purpose]("https://hub.example/a")).rejects.toMatchObject({
      code: "OFFLINE",
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ["models", "https://other.example/a"],
    ["provider", "https://hub.example/a"],
    ["url", "file:///etc/passwd"],
    ["url", "data:text/plain,a"],
    ["url", "https://user:password@site.example/"],
  ] as const)("refuses %s from %s", async (purpose, url) => {
    await expect(createEgress(policy())[purpose](url)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  });

  it("reaches a provider on this machine, and names of the home network that a person wrote", async () => {
    asked.length = 0;
    await createEgress(policy()).provider("http://127.0.0.1:11434/v1");
    for (const url of ["http://nas.local/a", "http://192.168.0.5/a", "http://localhost/a", "https://site.example/a"])
      await createEgress(policy()).url(url);
    expect(asked.map((line) => line.split(" ")[0])).toEqual(["open", "open", "open", "open", "public"]);
  });

  // Catches: a public page that redirects into the network of the person.
  it("refuses a redirect to a private address, and one without end", async () => {
    answers["https://site.example/in"] = redirect("http://169.254.169.254/latest");
    answers["https://hub.example/in"] = redirect("http://127.0.0.1/");
    answers["https://site.example/loop"] = redirect("https://site.example/loop");
    const egress = createEgress(policy());
    await expect(egress.url("https://site.example/in")).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    await expect(egress.models("https://hub.example/in")).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    await expect(egress.url("https://site.example/loop")).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  });

  // Catches: a token for one host that is sent to another.
  it("follows the hub to its storage, without its credentials", async () => {
    const sent: (string | null)[] = [];
    const record: typeof fetch = async (input, init) => {
      sent.push(new Headers(init?.headers).get("authorization"));
      return String(input).includes("hub.example") ? redirect("https://storage.example/file") : new Response("weights");
    };
    const response = await createEgress(policy({ fetch: record, fetchPublic: record })).models("https://hub.example/file", {
      headers: { authorization: "Bearer x" },
    });
    expect(await response.text()).toBe("weights");
    expect(sent).toEqual(["Bearer x", null]);
  });
});

describe("createFetch", () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    server = createServer((_request, response) => response.end("here")).listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => void server.close());

  it("fetches, and with publicOnly refuses a name that leads to this machine when it connects", async () => {
    const open = createFetch();
    expect(await (await open.fetch(`http://localhost:${port}/`)).text()).toBe("here");
    await open.close();
    const guarded = createFetch({ publicOnly: true });
    const egress = createEgress({
      isOffline: () => false,
      hubs: [`http://localhost:${port}`],
      providers: () => [],
      fetch: guarded.fetch,
      fetchPublic: guarded.fetch,
    });
    await expect(egress.models(`http://localhost:${port}/`)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    await guarded.close();
  });
});
