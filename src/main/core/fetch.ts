import { lookup as resolve } from "node:dns";
import { readFileSync } from "node:fs";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { rootCertificates } from "node:tls";
import { EnvHttpProxyAgent, fetch as undiciFetch } from "undici";
import { AppError } from "../../shared/errors.ts";

export type FetchOptions = {
  /** A file of further certificates that are trusted, PEM; for networks that read their own traffic. */
  certificateFile?: string | undefined;
  /** Connects only to public addresses, whatever a name resolves to at that moment. */
  publicOnly?: boolean | undefined;
};

export type ClosableFetch = { fetch: typeof fetch; close(): Promise<void> };

/**
 * `fetch` through the proxy that the environment names (HTTPS_PROXY, NO_PROXY), with the certificates of the system's choice.
 * @throws FILE_UNREADABLE when the file of certificates cannot be read, or holds none
 */
export function createFetch(options: FetchOptions = {}): ClosableFetch {
  const ca = options.certificateFile === undefined ? undefined : [...rootCertificates, readCertificates(options.certificateFile)];
  const agent = new EnvHttpProxyAgent({
    connect: { ...(ca ? { ca } : {}), ...(options.publicOnly ? { lookup: publicLookup } : {}) },
    requestTls: ca ? { ca } : {},
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  });
  const call = (input: Parameters<typeof undiciFetch>[0], init?: Parameters<typeof undiciFetch>[1]) =>
    undiciFetch(input, { ...init, dispatcher: agent });
  // The same standard, declared twice: by undici and by the platform's types.
  return { fetch: call as unknown as typeof fetch, close: () => agent.close() };
}

/** `createFetch` with the certificates that CROFT_CA_FILE names. @throws FILE_UNREADABLE */
export const environmentFetch = (options: Pick<FetchOptions, "publicOnly"> = {}): ClosableFetch =>
  createFetch({ ...options, certificateFile: process.env["CROFT_CA_FILE"] || undefined });

/** A file that holds no certificate would be passed over in silence, and every connection refused for another reason. */
function readCertificates(file: string): string {
  const unreadable = (cause?: unknown) =>
    new AppError("FILE_UNREADABLE", `The certificates in ${file} cannot be read; Croft was not started.`, {
      hint: "Let CROFT_CA_FILE name a file of certificates in PEM, or leave it out.",
      cause,
    });
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(error);
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw unreadable();
  return text;
}

const privateRanges = new BlockList();
for (const [address, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  privateRanges.addSubnet(address, prefix, "ipv4");
}
for (const [address, prefix] of [
  // IPv4 written inside IPv6, in each way there ever was: the last 32 bits, 6to4, Teredo.
  ["::", 96],
  ["2002::", 16],
  ["2001::", 32],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  privateRanges.addSubnet(address, prefix, "ipv6");
}

/** True for addresses of this machine and of private networks (RFC 6890), also when written as IPv4 inside IPv6. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && privateRanges.check(address, version === 4 ? "ipv4" : "ipv6");
}

/** Node's own lookup, refusing names that lead to private addresses; checked where the connection is made, so that no second answer slips in. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const refused = addresses.find(({ address }) => isPrivateAddress(address));
    if (refused) {
      const denied = new AppError("EGRESS_DENIED", `${hostname} leads to ${refused.address}, an address of a private network.`);
      return callback(denied, "", 0);
    }
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    return callback(null, first?.address ?? "", first?.family ?? 0);
  });
};
