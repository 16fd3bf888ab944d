import type { Address, Attachment, Email } from "postal-mime";
import PostalMime from "postal-mime";
import { decodeText, isUtf8, wideByZeros, byMark } from "../text/decode-text.ts";
import { isArmoured, isoOf, type Mail, type MailAttachment, mailbox } from "./mail.ts";

/** Parts inside parts, and bytes of header lines, that no mail program writes. */
const maxNestingDepth = 50;
const maxHeadersSize = 1024 * 1024;

/**
 * A mail in the Internet message format (RFC 5322, RFC 2045–2049). Mails inside are left as attachments that can be
 * parsed.
 * @throws whatever the parser throws, for one when parts are nested too deeply
 */
export async function parseEml(bytes: Uint8Array): Promise<Mail> {
  const email = await PostalMime.parse(inUtf8(bytes), { forceRfc822Attachments: true, maxNestingDepth, maxHeadersSize });
  const header = (key: string) => email.headers.find((found) => found.key === key)?.value ?? "";
  const encrypted = /^\s*(?:multipart\/encrypted|application\/(?:x-)?pkcs7-mime(?!.*signed-data))/is.test(header("content-type"));
  const text = email.text ?? "";
  return {
    from: addresses(email.from === undefined ? [] : [email.from]),
    to: addresses(email.to),
    cc: addresses(email.cc),
    bcc: addresses(email.bcc),
    subject: email.subject ?? "",
    dateText: header("date"),
    date: isoOf(email.date ?? ""),
    messageId: email.messageId ?? "",
    encrypted: encrypted || isArmoured(text),
    ...(encrypted || isArmoured(text) ? { text: "", html: "" } : bodies(email)),
    attachments: email.attachments.map(toAttachment),
  };
}

const bodies = ({ text = "", html = "" }: Email) => ({ text, html });

function addresses(found: readonly Address[] = []): string[] {
  return found.flatMap((address) =>
    address.group === undefined
      ? [mailbox(address.name, address.address)]
      : address.group.map((member) => mailbox(member.name, member.address)),
  );
}

function toAttachment({ filename, mimeType, content, related, disposition, contentId }: Attachment, index: number): MailAttachment {
  const bytes = typeof content === "string" ? Buffer.from(content) : new Uint8Array(content);
  const isMail = mimeType === "message/rfc822";
  return {
    name: filename ?? (isMail ? `mail-${index + 1}.eml` : `part-${index + 1}`),
    type: mimeType,
    bytes: bytes.length,
    // A picture that the body refers to by its id (RFC 2392) and that nobody meant as a file of its own (RFC 2183).
    inline: mimeType.startsWith("image/") && disposition !== "attachment" && (related === true || contentId !== undefined),
    load: () => bytes,
    ...(isMail ? { mail: () => parseEml(bytes) } : {}),
  };
}

/**
 * Bytes that the parser understands: whole files that were saved as UTF-16, and letters of an older encoding where
 * nothing says which, become UTF-8. What a part declares of itself is left to the parser.
 */
function inUtf8(bytes: Uint8Array): Uint8Array {
  if (byMark(bytes) !== undefined || wideByZeros(bytes) !== undefined) return Buffer.from(decodeText(bytes).text.replace(/^\ufeff/, ""));
  if (isUtf8(bytes)) return bytes;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!/charset\s*=/i.test(whole.toString("latin1"))) return Buffer.from(decodeText(bytes).text);
  const end = /\r?\n\r?\n/.exec(whole.toString("latin1"))?.index ?? whole.length;
  return Buffer.concat([Buffer.from(decodeText(whole.subarray(0, end)).text), whole.subarray(end)]);
}
