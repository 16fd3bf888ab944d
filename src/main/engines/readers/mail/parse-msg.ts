import { createRequire } from "node:module";
import type MsgReader from "@kenjiuno/msgreader";
import type { FieldsData } from "@kenjiuno/msgreader";
import { decodeText } from "../text/decode-text.ts";
import { requireSoundChains } from "./compound-file.ts";
import { isArmoured, isoOf, type Mail, type MailAttachment, mailbox } from "./mail.ts";

// The package is CommonJS with a `default` of its own, which Node and bundlers import differently. Not called
// `require`: the bundler declares one of that name in every program.
const packages = createRequire(import.meta.url);
const library: { default: typeof MsgReader } = packages("@kenjiuno/msgreader");

/**
 * A mail as Outlook saves it (MS-OXMSG, a compound file).
 * @throws whatever the parser throws; an error where the file holds no message
 */
export function parseMsg(bytes: Uint8Array): Mail {
  requireSoundChains(bytes);
  const reader = new library.default(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const fields = reader.getFileData();
  if (fields.error !== undefined || fields.dataType !== "msg") throw new Error(fields.error ?? "no message");
  // Any compound file reads as a message of nothing; a real one names its class (MS-OXCMSG 2.2.1.3).
  if (fields.messageClass === undefined && fields.subject === undefined && fields.body === undefined) throw new Error("no message");
  return toMail(fields, reader);
}

function toMail(fields: FieldsData, reader: MsgReader): Mail {
  const header = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, "im").exec(fields.headers ?? "")?.[1]?.trim() ?? "";
  const recipients = (kind: "to" | "cc" | "bcc") =>
    (fields.recipients ?? [])
      .filter(({ recipType }) => recipType === kind)
      .map((found) => mailbox(found.name ?? "", found.smtpAddress ?? found.email ?? ""));
  const sender = mailbox(fields.senderName ?? "", fields.senderSmtpAddress ?? fields.senderEmail ?? "");
  const dateText = header("Date") || fields.messageDeliveryTime || fields.clientSubmitTime || "";
  const text = fields.body ?? "";
  const encrypted =
    isArmoured(text) ||
    /SMIME(?!\.MultipartSigned)/i.test(fields.messageClass ?? "") ||
    /^multipart\/encrypted/i.test(header("Content-Type"));
  return {
    from: sender === "" ? [] : [sender],
    to: recipients("to"),
    cc: recipients("cc"),
    bcc: recipients("bcc"),
    subject: fields.subject ?? "",
    dateText,
    date: isoOf(dateText),
    messageId: fields.messageId ?? "",
    encrypted,
    text: encrypted ? "" : text,
    html: encrypted ? "" : (fields.bodyHtml ?? htmlOf(fields)),
    attachments: (fields.attachments ?? []).map((found, index) => toAttachment(found, index, reader)),
  };
}

function toAttachment(found: FieldsData, index: number, reader: MsgReader): MailAttachment {
  const inner = found.innerMsgContentFields;
  const name = found.fileName ?? found.fileNameShort ?? found.name;
  return {
    name: name || (inner ? `mail-${index + 1}.msg` : `part-${index + 1}`),
    type: found.attachMimeTag ?? (inner ? "application/vnd.ms-outlook" : "application/octet-stream"),
    // Outlook hides what it shows in the body from the list of attachments (MS-OXCMSG 2.2.2.24).
    inline: found.attachmentHidden === true,
    bytes: found.contentLength ?? (inner ? reader.getAttachment(found).content.length : 0),
    load: () => reader.getAttachment(found).content,
    ...(inner ? { mail: async () => toMail(inner, reader) } : {}),
  };
}

/** HTML bodies are bytes in the code page that the message names (MS-OXPROPS 2.742). */
function htmlOf({ html, internetCodepage }: FieldsData): string {
  if (html === undefined) return "";
  return decodeText(html, internetCodepage === 65001 ? "utf-8" : internetCodepage === undefined ? undefined : `cp${internetCodepage}`).text;
}
