import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { createRateLimit } from "../rate-limit.ts";

export type Refusal = { status: 401 | 403 | 429; reason: string };

/** Who may talk to the loopback server. Secrets are compared in constant time; failed tries are slowed down. */
export type Access = {
  /** For programs: `Authorization: Bearer …`. */
  readonly token: string;
  /** A new token for one browser; it works once. */
  createLinkToken(): string;
  /** The cookie that a link token is exchanged for, or a refusal. */
  exchange(linkToken: string): { cookie: string } | Refusal;
  /** Refuses foreign hosts (DNS rebinding) and foreign pages (requests that another site makes). */
  checkSource(headers: IncomingHttpHeaders): Refusal | undefined;
  /** Refuses callers with neither the cookie nor the token. */
  checkCaller(headers: IncomingHttpHeaders): Refusal | undefined;
};

/** `session` is what cookies carry: kept by the profile, so that browsers stay let in over a restart; else of this run alone. */
export function createAccess(options: { port: number; token?: string | undefined; session?: string | undefined }): Access {
  const token = options.token ?? newSecret();
  const session = options.session ?? newSecret();
  // Cookies do not know ports: the name keeps two servers on one machine apart.
  const cookieName = `croft_session_${options.port}`;
  const linkTokens = new Set<string>();
  const failures = createRateLimit({ perSecond: 0.2, burst: 10 });
  const hosts = new Set([`127.0.0.1:${options.port}`, `localhost:${options.port}`]);

  const refuse = (): Refusal => (failures.allow() ? { status: 401, reason: "Unauthorized" } : { status: 429, reason: "Too Many Requests" });

  return {
    token,
    createLinkToken() {
      const secret = newSecret();
      linkTokens.add(digest(secret));
      return secret;
    },
    exchange(linkToken) {
      // A set of hashes: looking one up tells nothing about the secrets by its time.
      if (!linkTokens.delete(digest(linkToken))) return refuse();
      return { cookie: `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000` };
    },
    checkSource(headers) {
      const forbidden: Refusal = { status: 403, reason: "Forbidden" };
      if (!headers.host || !hosts.has(headers.host)) return forbidden;
      if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return forbidden;
      const site = headers["sec-fetch-site"];
      if (site !== undefined && site !== "same-origin" && site !== "none") return forbidden;
      return undefined;
    },
    checkCaller(headers) {
      const bearer = /^Bearer ([\x21-\x7e]{1,200})$/.exec(headers.authorization ?? "")?.[1];
      if (bearer !== undefined && same(bearer, token)) return undefined;
      const cookie = readCookie(headers.cookie, cookieName);
      if (cookie !== undefined && same(cookie, session)) return undefined;
      return bearer === undefined && cookie === undefined ? { status: 401, reason: "Unauthorized" } : refuse();
    },
  };
}

const newSecret = (): string => randomBytes(32).toString("base64url");
const digest = (secret: string): string => createHash("sha256").update(secret).digest("hex");
const same = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name) return value;
  }
  return undefined;
}
