import { isIP } from "node:net";
import { AppError } from "../../shared/errors.ts";
import { isPrivateAddress } from "./fetch.ts";

/** Why something is fetched; each purpose reaches only its own hosts. */
export type Purpose = "models" | "url" | "provider";

export type EgressPolicy = {
  /** The setting or flag that forbids every connection. Asked at each request. */
  isOffline(): boolean;
  /** Origins of the model hub, e.g. `https://hub.example`. Redirects may leave it, since hubs store files elsewhere, but not to private addresses. */
  hubs: readonly string[];
  /** Origins of providers that are enabled in the settings. */
  providers(): readonly string[];
  /** For the model hub and for providers, which may be on this machine, and for private addresses that a person wrote. */
  fetch: typeof fetch;
  /** For URLs, and for whatever else a redirect leads to: connects to public addresses only. */
  fetchPublic: typeof fetch;
};

const mostRedirects = 10;
/** The statuses of the fetch standard that lead elsewhere. */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The only way out of Croft: a `fetch` for each purpose that refuses everything the purpose does not need, at every
 * redirect again.
 * @throws OFFLINE · EGRESS_DENIED
 */
export function createEgress(policy: EgressPolicy): Record<Purpose, typeof fetch> {
  const guarded =
    (purpose: Purpose): typeof fetch =>
    async (input, init) => {
      let request = makeRequest(input, { ...init, redirect: "manual" });
      const { origin } = new URL(request.url);
      for (let hop = 0; hop <= mostRedirects; hop++) {
        const url = new URL(request.url);
        check(policy, purpose, url, hop);
        // Whatever a redirect names was chosen by a server: its name may lead into a private network, too.
        const isChosen = url.origin === origin && (purpose !== "url" || isNamedPrivately(url, hop));
        const send = isChosen ? policy.fetch : policy.fetchPublic;
        const response = await denied(send(url, { ...initOf(request), redirect: "manual" }));
        const location = response.headers.get("location");
        if (!redirects.has(response.status) || location === null || init?.redirect === "manual") return response;
        await response.body?.cancel();
        request = redirected(request, response.status, addressOf(location, url));
      }
      throw new AppError("EGRESS_DENIED", `${request.url} redirects more than ${mostRedirects} times.`);
    };
  return { models: guarded("models"), url: guarded("url"), provider: guarded("provider") };
}

function check(policy: EgressPolicy, purpose: Purpose, url: URL, hop: number): void {
  if (policy.isOffline()) {
    throw new AppError("OFFLINE", `${url.host} was not asked: the network is switched off.`, {
      hint: "Switch off network.offline, or leave out --offline.",
    });
  }
  const refuse = (reason: string): never => {
    throw new AppError("EGRESS_DENIED", `${url.host} was not asked: ${reason}.`, { data: { host: url.host, purpose } });
  };
  if (url.protocol !== "https:" && url.protocol !== "http:") refuse(`${url.protocol} is no web address`);
  if (hop > 0 && isPrivateHost(bare(url.hostname))) refuse("a public address leads to a private one");
  if (purpose === "provider" && !policy.providers().includes(url.origin)) refuse("no enabled provider has this address");
  if (purpose === "models" && hop === 0 && !policy.hubs.includes(url.origin)) refuse("models come from the model hub only");
}

/** Refuses what is no address, and addresses with a password in them, which would end in logs. */
function makeRequest(...[input, init]: ConstructorParameters<typeof Request>): Request {
  try {
    return new Request(input, init);
  } catch {
    // Without a cause, which would repeat the password.
    throw new AppError("EGRESS_DENIED", "Nothing was asked: the address is none, or it carries a password.");
  }
}

function addressOf(location: string, base: URL): URL {
  if (URL.canParse(location, base.href)) return new URL(location, base);
  throw new AppError("EGRESS_DENIED", `${base.host} redirects to what is no address.`, { data: { host: base.host } });
}

/** A person who writes a private address, `localhost` or a name that only a home network knows means it. */
function isNamedPrivately(url: URL, hop: number): boolean {
  return hop === 0 && isPrivateHost(bare(url.hostname));
}

function isPrivateHost(host: string): boolean {
  if (isIP(host)) return isPrivateAddress(host);
  return !host.includes(".") || /\.(localhost|local|lan|home\.arpa|internal)$/.test(host);
}

/** A host as one name or number: without the brackets of an IPv6 address, and without the dot that may end a full name. */
const bare = (hostname: string): string => hostname.replace(/^\[|\]$|\.$/g, "");

/** What a request says, without the dispatcher that made it. A body is not repeated at redirects, and none is needed. */
function initOf(request: Request): RequestInit {
  return {
    method: request.method,
    headers: request.headers,
    body: request.body,
    signal: request.signal,
    ...(request.body ? { duplex: "half" } : {}),
  };
}

/** The next request, by the rules of the fetch standard; credentials stay with the origin they were given for. */
function redirected(request: Request, status: number, to: URL): Request {
  const headers = new Headers(request.headers);
  if (to.origin !== new URL(request.url).origin) for (const name of ["authorization", "cookie"]) headers.delete(name);
  if (request.body !== null && (status === 307 || status === 308)) {
    throw new AppError("EGRESS_DENIED", `${request.url} redirects a request that carries data.`);
  }
  const method = (status === 303 && request.method !== "HEAD") || request.method === "POST" ? "GET" : request.method;
  return makeRequest(to.href, { method, headers, signal: request.signal, redirect: "manual" });
}

/** A refusal that happened while connecting comes wrapped in the errors of `fetch`. */
async function denied(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof AppError) throw cause;
    throw error;
  }
}
