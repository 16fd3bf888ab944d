/** A mail's truth, read strictly and on its own, so that the reader is not compared with the parser it uses. */
export type MailTruth = {
  from: string[];
  to: string[];
  cc: string[];
  subject: string;
  date: string;
  body: string | undefined;
  attachments: string[];
};

/** Parses RFC 5322 and RFC 2045–2047 as far as the test mails need it. */
export function strictMail(bytes: Buffer): MailTruth {
  const { headers, body } = split(decodeFile(bytes));
  const parts = leaves(headers, body);
  const isBody = (part: Part) => !/^attachment/i.test(part.headers.get("content-disposition") ?? "") && nameOf(part) === undefined;
  const plain = parts.find((part) => isBody(part) && /^text\/plain/i.test(part.headers.get("content-type") ?? "text/plain"));
  const addresses = (name: string) => (headers.get(name) ?? "").match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? [];
  return {
    from: addresses("from"),
    to: addresses("to"),
    cc: addresses("cc"),
    subject: words(headers.get("subject") ?? ""),
    date: headers.get("date") ?? "",
    body: plain === undefined ? undefined : decoded(plain),
    attachments: parts.map(nameOf).filter((name) => name !== undefined),
  };
}

type Part = { headers: Map<string, string>; body: string };

/** Bytes as Latin-1, one character each; files saved as UTF-16 become UTF-8 bytes first. */
function decodeFile(bytes: Buffer): string {
  const little = bytes[1] === 0 || (bytes[0] === 0xff && bytes[1] === 0xfe);
  const big = bytes[0] === 0 || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const text = little ? bytes.toString("utf16le") : big ? Buffer.from(bytes).swap16().toString("utf16le") : undefined;
  return (text === undefined ? bytes : Buffer.from(text.replace(/^\ufeff/, ""))).toString("latin1").replace(/\r\n/g, "\n");
}

function split(source: string): Part {
  const end = source.indexOf("\n\n");
  const head = (end < 0 ? source : source.slice(0, end)).replace(/\n[ \t]+/g, " ");
  const headers = new Map<string, string>();
  for (const line of head.split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end < 0 ? "" : source.slice(end + 2) };
}

function leaves(headers: Map<string, string>, body: string): Part[] {
  const type = headers.get("content-type") ?? "";
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (!/^multipart\//i.test(type) || boundary === undefined) return [{ headers, body }];
  if (/^multipart\/digest/i.test(type)) return [];
  return body
    .split(`--${boundary}`)
    .slice(1)
    .filter((part) => !part.startsWith("--"))
    .flatMap((part) => {
      const inner = split(part.replace(/^\n/, ""));
      return leaves(inner.headers, inner.body);
    });
}

function nameOf({ headers }: Part): string | undefined {
  const name = /(?:file)?name="?([^";]+)"?/i.exec(`${headers.get("content-disposition") ?? ""};${headers.get("content-type") ?? ""}`)?.[1];
  return name === undefined ? undefined : words(name.trim());
}

function decoded({ headers, body }: Part): string {
  const encoding = (headers.get("content-transfer-encoding") ?? "").toLowerCase();
  const bytes =
    encoding === "base64" ? Buffer.from(body, "base64") : encoding === "quoted-printable" ? unquoted(body) : Buffer.from(body, "latin1");
  return new TextDecoder(/charset\s*=\s*"?([\w-]+)/i.exec(headers.get("content-type") ?? "")?.[1] ?? "utf-8").decode(bytes);
}

const unquoted = (body: string) =>
  Buffer.from(
    body.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

function words(text: string): string {
  return text
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, "$1")
    .replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, kind: string, value: string) =>
      new TextDecoder(charset).decode(kind.toLowerCase() === "b" ? Buffer.from(value, "base64") : unquoted(value.replaceAll("_", " "))),
    )
    .trim();
}
