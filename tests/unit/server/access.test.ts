import { describe, expect, it } from "vitest";
import { createAccess } from "../../../src/main/transport/http/access.ts";

const port = 4010;
const host = `127.0.0.1:${port}`;

describe("createAccess", () => {
  // Catches: a page of another site, or a name that was rebound to 127.0.0.1, that may talk to the server.
  it.each([
    ["no host", {}],
    ["another host", { host: "evil.example" }],
    ["another port", { host: "127.0.0.1:80" }],
    ["a foreign origin", { host, origin: "https://evil.example" }],
    ["a sandboxed page", { host, origin: "null" }],
    ["another port of this machine", { host, origin: "http://127.0.0.1:9999" }],
    ["a request that another site makes", { host, "sec-fetch-site": "cross-site" }],
    ["a request that another port makes", { host, "sec-fetch-site": "same-site" }],
  ])("refuses %s", (_what, headers) => {
    expect(createAccess({ port }).checkSource(headers)).toMatchObject({ status: 403 });
  });

  it.each([
    ["a program", { host }],
    ["its own page", { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" }],
    ["an address that was typed", { host: `localhost:${port}`, "sec-fetch-site": "none" }],
  ])("lets %s through", (_what, headers) => {
    expect(createAccess({ port }).checkSource(headers)).toBeUndefined();
  });

  // Catches: a link that opens the interface twice, or for whoever finds it later.
  it("exchanges a link token once", () => {
    const access = createAccess({ port });
    const token = access.createLinkToken();
    const first = access.exchange(token);
    expect(first).toMatchObject({ cookie: expect.stringContaining("HttpOnly; SameSite=Strict") });
    expect(access.exchange(token)).toMatchObject({ status: 401 });
  });

  it("accepts the cookie and the token, and nothing near them", () => {
    const access = createAccess({ port });
    const exchanged = access.exchange(access.createLinkToken());
    const cookie = "cookie" in exchanged ? (exchanged.cookie.split(";")[0] ?? "") : "";
    expect(access.checkCaller({ cookie: `other=1; ${cookie}` })).toBeUndefined();
    expect(access.checkCaller({ authorization: `Bearer ${access.token}` })).toBeUndefined();
    expect(access.checkCaller({})).toMatchObject({ status: 401 });
    expect(access.checkCaller({ authorization: `Bearer ${access.token.slice(1)}` })).toMatchObject({ status: 401 });
    expect(access.checkCaller({ authorization: `Basic ${access.token}` })).toMatchObject({ status: 401 });
    expect(access.checkCaller({ cookie: `${cookie}x` })).toMatchObject({ status: 401 });
  });

  // Catches: tokens that can be tried without end, and a guesser that locks the owner out.
  it("slows down guessing, and still lets the owner in", () => {
    const access = createAccess({ port });
    for (let attempt = 0; attempt < 10; attempt++) expect(access.exchange("guess")).toMatchObject({ status: 401 });
    expect(access.exchange("guess")).toMatchObject({ status: 429 });
    expect(access.checkCaller({ authorization: "Bearer guess" })).toMatchObject({ status: 429 });
    expect(access.checkCaller({ authorization: `Bearer ${access.token}` })).toBeUndefined();
  });
});
