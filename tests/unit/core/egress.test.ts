import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createEgress, type EgressPolicy, type Purpose } from "../../../src/main/core/egress.ts";
import { isPrivateAddress } from "../../../src/main/core/fetch.ts";
import { AppError } from "../../../src/shared/errors.ts";

type Asked = { by: "open" | "public"; url: string; method: string; headers: Record<string, string>; redirect: unknown };

/** A policy over servers that answer by their address, and everything that was asked of them. */
function network(answers: Record<string, () => Response | Promise<Response>>, over: Partial<EgressPolicy> = {}) {
  const asked: Asked[] = [];
  const answer =
    (by: Asked["by"]): typeof fetch =>
    async (input, init) => {
      const url = String(input);
      asked.push({
        by,
        url,
        method: init?.method ?? "GET",
        headers: Object.fromEntries(new Headers(init?.headers)),
        redirect: init?.redirect,
      });
      return (await answers[url]?.()) ?? new Response("ok");
    };
  const egress = createEgress({
    isOffline: () => false,
    hubs: ["https://hub.example"],
    providers: () => ["https://api.example"],
    fetch: answer("open"),
    fetchPublic: answer("public"),
    ...over,
  });
  return { egress, asked };
}
const to =
  (location: string, status = 302) =>
  () =>
    new Response(null, { status, headers: { location } });
const purposes: Purpose[] = ["models", "url", "provider"];
const homes: Record<Purpose, string> = {
  models: "https://hub.example/a",
  url: "https://site.example/a",
  provider: "https://api.example/a",
};

describe("redirects", () => {
  // Catches: a public server that sends Croft into the person's own network, by number, by name or by another spelling.
  it.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://10.0.0.1:8080/admin",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fd00::1]/",
    "http://localhost:11434/api",
    "http://localhost.:11434/api",
    "http://router.local./",
    "http://router.local/",
    "http://nas.home.arpa/",
    "http://metadata.internal/",
    "http://printer/",
  ])("do not lead models to %s", async (target) => {
    const { egress, asked } = network({ [homes.models]: to(target) });
    await expect(egress.models(homes.models)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    expect(asked.map(({ url }) => url)).toEqual([homes.models]);
  });

  it.each(purposes)("are checked again at every hop for %s", async (purpose) => {
    const second = `${new URL(homes[purpose]).origin}/b`;
    const { egress, asked } = network({ [homes[purpose]]: to("/b"), [second]: to("http://192.168.1.1/") });
    await expect(egress[purpose](homes[purpose])).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    expect(asked).toHaveLength(2);
  });

  it.each([
    "file:///etc/passwd",
    "ftp://site.example/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "http://[",
    "https://a:b@site.example/",
  ])("to %s are refused with a code", async (target) => {
    const { egress, asked } = network({ [homes.url]: to(target) });
    await expect(egress.url(homes.url)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    expect(asked).toHaveLength(1);
  });

  // Catches: a provider that hands the conversation to a server nobody enabled.
  it("do not leave a provider's own origin", async () => {
    const { egress } = network({ [homes.provider]: to("https://elsewhere.example/") });
    await expect(egress.provider(homes.provider)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  });

  // Catches: a switch that is only looked at once while a download hops on.
  it("stop when the network is switched off in between", async () => {
    let offline = false;
    const first = () => ((offline = true), to("/b")());
    const { egress, asked } = network({ [homes.models]: first }, { isOffline: () => offline });
    await expect(egress.models(homes.models)).rejects.toMatchObject({ code: "OFFLINE" });
    expect(asked).toHaveLength(1);
  });

  // Catches: the platform's own redirects, which nobody checks.
  it("are never left to fetch itself", async () => {
    const { egress, asked } = network({ [homes.url]: to("/b") });
    await egress.url(homes.url, { redirect: "follow" });
    expect(asked.map(({ redirect }) => redirect)).toEqual(["manual", "manual"]);
  });

  it("are handed to callers who ask for them", async () => {
    const { egress, asked } = network({ [homes.url]: to("http://127.0.0.1/") });
    const response = await egress.url(homes.url, { redirect: "manual" });
    expect(response.status).toBe(302);
    expect(asked).toHaveLength(1);
  });

  it("end after ten, and ten are followed", async () => {
    const chain = (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, at) => [`https://site.example/${at}`, to(`https://site.example/${at + 1}`)]));
    expect((await network(chain(10)).egress.url("https://site.example/0")).status).toBe(200);
    await expect(network(chain(11)).egress.url("https://site.example/0")).rejects.toMatchObject({ code: "EGRESS_DENIED" });
  });

  // Catches: an answer "not modified", or a choice, that is followed as though it were a redirect.
  it.each([300, 304])("are not answers with status %i that name a place", async (status) => {
    const { egress, asked } = network({ [homes.models]: to("https://elsewhere.example/", status) });
    expect((await egress.models(homes.models)).status).toBe(status);
    expect(asked).toHaveLength(1);
  });
});

describe("what is sent on", () => {
  // Catches: a key or a session that reaches the host a redirect leads to.
  it("loses credentials when the origin changes, even by its port alone, and keeps the rest", async () => {
    const headers = { authorization: "Bearer secret", cookie: "s=1", range: "bytes=10-" };
    const { egress, asked } = network({ [homes.models]: to("https://hub.example:8443/b") });
    await egress.models(homes.models, { headers });
    expect(asked[0]?.headers).toMatchObject(headers);
    expect(asked[1]?.headers).toEqual({ range: "bytes=10-" });
  });

  it("keeps credentials within the origin", async () => {
    const { egress, asked } = network({ [homes.models]: to("/b") });
    await egress.models(homes.models, { headers: { authorization: "Bearer secret" } });
    expect(asked[1]?.headers).toEqual({ authorization: "Bearer secret" });
  });

  // Catches: a prompt that a redirect carries somewhere else.
  it.each([307, 308])("is no data that a redirect with %i asks for again", async (status) => {
    const { egress, asked } = network({ [homes.provider]: to("/b", status) });
    await expect(egress.provider(homes.provider, { method: "POST", body: "a prompt" })).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    expect(asked).toHaveLength(1);
  });

  // Catches: a question for the size of a file that downloads the whole file.
  it.each([
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "POST", "GET"],
    [303, "HEAD", "HEAD"],
    [302, "HEAD", "HEAD"],
    [307, "HEAD", "HEAD"],
  ])("after %i a %s is a %s", async (status, method, expected) => {
    const { egress, asked } = network({ [homes.provider]: to("/b", status) });
    await egress.provider(homes.provider, { method, ...(method === "POST" ? { body: "x" } : {}) });
    expect(asked.map((one) => one.method)).toEqual([method, expected]);
  });
});

describe("purposes", () => {
  // Catches: a purpose that opens the door of another.
  it.each([
    ["models", "https://hub.example:444/a"],
    ["models", "http://hub.example/a"],
    ["models", "https://hub.example.evil.example/a"],
    ["models", "https://api.example/a"],
    ["provider", "https://api.example.evil.example/"],
    ["provider", "http://api.example/"],
    ["provider", "http://localhost:11434/"],
  ] as const)("%s do not reach %s", async (purpose, url) => {
    const { egress, asked } = network({});
    await expect(egress[purpose](url)).rejects.toMatchObject({ code: "EGRESS_DENIED", data: { purpose, host: new URL(url).host } });
    expect(asked).toEqual([]);
  });

  it("ask the settings for providers at each call", async () => {
    let enabled: string[] = [];
    const { egress } = network({}, { providers: () => enabled });
    await expect(egress.provider(homes.provider)).rejects.toMatchObject({ code: "EGRESS_DENIED" });
    enabled = ["https://api.example"];
    expect((await egress.provider(homes.provider)).status).toBe(200);
  });

  // Catches: names of the public network that are connected to without a look at where they lead.
  it.each([
    ["https://site.example/", "public"],
    ["https://1.1.1.1/", "public"],
    ["https://notlocal/", "open"],
    ["https://mylocal.example/", "public"],
    ["https://local.example/", "public"],
    ["http://[fd00::1]/", "open"],
    ["http://[2606:4700::1111]/", "public"],
    ["http://nas.LAN/", "open"],
  ] as const)("the address %s goes over the %s network", async (url, by) => {
    const { egress, asked } = network({});
    await egress.url(url);
    expect(asked.map((one) => one.by)).toEqual([by]);
  });

  it("takes a Request like an address, and passes its signal on", async () => {
    const { egress, asked } = network({});
    await egress.url(new Request(homes.url, { method: "HEAD", headers: { "x-one": "1" } }));
    expect(asked[0]).toMatchObject({ url: homes.url, method: "HEAD", headers: { "x-one": "1" } });
  });
});

describe("refusals", () => {
  // Catches: a password in a log or on the screen.
  it("never repeat the credentials of an address", async () => {
    const { egress } = network({});
    const error: unknown = await egress.url("https://user:hunter2@site.example/").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "EGRESS_DENIED" });
    expect(inspect(error, { depth: 10 })).not.toContain("hunter2");
  });

  it("that happen while connecting come out of the errors of fetch, and others stay what they are", async () => {
    const denied = new TypeError("fetch failed", { cause: new Error("connect", { cause: new AppError("EGRESS_DENIED", "Private.") }) });
    await expect(network({ [homes.url]: () => Promise.reject(denied) }).egress.url(homes.url)).rejects.toMatchObject({
      code: "EGRESS_DENIED",
    });
    const reset = new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
    await expect(network({ [homes.url]: () => Promise.reject(reset) }).egress.url(homes.url)).rejects.toBe(reset);
  });

  it.each(purposes)("of %s come before anything is asked when it is offline", async (purpose) => {
    const { egress, asked } = network({}, { isOffline: () => true });
    await expect(egress[purpose](homes[purpose])).rejects.toMatchObject({ code: "OFFLINE", hint: expect.stringContaining("--offline") });
    expect(asked).toEqual([]);
  });
});

describe("isPrivateAddress", () => {
  // Catches: the edges of ranges, and the spellings in which a private address hides.
  it.each([
    ["9.255.255.255", false],
    ["10.255.255.255", true],
    ["11.0.0.0", false],
    ["100.63.255.255", false],
    ["100.127.255.255", true],
    ["100.128.0.0", false],
    ["172.15.255.255", false],
    ["172.16.0.0", true],
    ["198.17.255.255", false],
    ["198.19.0.1", true],
    ["223.255.255.255", false],
    ["224.0.0.1", true],
    ["255.255.255.255", true],
    ["64:ff9b::a00:1", true],
    ["::ffff:10.0.0.1", true],
    ["::ffff:8.8.8.8", false],
    ["fdff::1", true],
    ["fe00::1", false],
    ["febf::1", true],
    ["ff02::1", true],
    ["localhost", false],
    ["", false],
    ["127.0.0.1:80", false],
  ])("%s: %s", (address, expected) => expect(isPrivateAddress(address)).toBe(expected));
});
