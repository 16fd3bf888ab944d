import type { Format, ReadContext, Source } from "../format.ts";
import type { Mail, MailAttachment } from "../mail/mail.ts";
import { addMail } from "../mail/mail-text.ts";
import { parseEml } from "../mail/parse-eml.ts";
import { parseMsg } from "../mail/parse-msg.ts";
import { oneLine } from "../text/normalise-text.ts";
import { problems } from "../problems.ts";
import type { ReadTable, ReadWarning } from "../protocol.ts";
import { createTextBuilder, type TextBuilder } from "../text/text-builder.ts";

/** Mails inside mails that are read as part of the outer one; a deeper one stays an attachment. */
const maxDepth = 5;
/** Attachments listed of one file. */
const maxAttachments = 2000;

/** Mail: the head's lines, the body, then every mail inside (forwarded, or a digest's). Attachments are listed, and can be extracted. */
export const mail: Format = {
  types: ["eml", "msg"],
  async read(source, { emit, checkpoint }) {
    const outer = await parse(source);
    const builder = createTextBuilder(source.path, source.limits.textUnits);
    const found = await collect(outer, builder, checkpoint);
    if (builder.length === 0 && found.attachments.length === 0) throw problems.empty(source.path);
    const title = oneLine(outer.subject).slice(0, 500);
    emit({ kind: "head", head: { ...source.fileType, ...(title ? { title } : {}), metadata: metadataOf(outer), pages: 1 } });
    emit({ kind: "page", page: { page: 1, text: builder.text(), blocks: builder.blocks, needsOcr: false } });
    const attachments = found.attachments.map(({ name, type, bytes, inline }) => ({
      name: fileName(name),
      type: oneLine(type).slice(0, 200),
      bytes,
      ...(inline ? { inline: true as const } : {}),
    }));
    return { tables: found.tables, attachments, warnings: found.warnings };
  },

  async extract(source, { index, checkpoint }) {
    const { attachments } = await collect(await parse(source), createTextBuilder(source.path, source.limits.textUnits), checkpoint);
    const attachment = attachments[index];
    return (
      attachment && {
        name: fileName(attachment.name),
        type: oneLine(attachment.type).slice(0, 200),
        bytes: new Uint8Array(attachment.load()),
      }
    );
  },
};

async function parse({ path, bytes, fileType }: Source): Promise<Mail> {
  try {
    return fileType.type === "msg" ? parseMsg(bytes) : await parseEml(bytes);
  } catch (error) {
    if (error instanceof Error && /nesting depth|header size/i.test(error.message))
      throw problems.hostile(path, "its parts are nested too deeply or its head is far too long");
    throw problems.damaged(path, "its parts cannot be read", error);
  }
}

type Collected = { tables: ReadTable[]; attachments: MailAttachment[]; warnings: ReadWarning[] };

/** Writes a mail and the mails inside, each after the one that holds it; what is no mail becomes one flat list. */
async function collect(outer: Mail, builder: TextBuilder, checkpoint: ReadContext["checkpoint"]): Promise<Collected> {
  const collected: Collected = { tables: [], attachments: [], warnings: [] };
  const warn = (code: string, message: string) => {
    if (!collected.warnings.some((warning) => warning.code === code)) collected.warnings.push({ code, message });
  };
  const waiting: { mail: Mail; depth: number }[] = [{ mail: outer, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    await checkpoint();
    if (next.depth > 0) builder.add("heading", oneLine(next.mail.subject) || "Mail", { level: 1 + next.depth });
    const { tables, hasBody } = addMail(next.mail, builder);
    collected.tables.push(...tables);
    if (next.mail.encrypted) warn("MAIL_ENCRYPTED", "The body is encrypted; only the head of the mail was read.");
    else if (!hasBody && !next.mail.attachments.some((found) => found.mail)) warn("MAIL_NO_BODY", "The mail has no text of its own.");
    const inside: { mail: Mail; depth: number }[] = [];
    for (const attachment of next.mail.attachments) {
      const parsed = next.depth < maxDepth ? await attachment.mail?.().catch(() => undefined) : undefined;
      if (parsed) inside.push({ mail: parsed, depth: next.depth + 1 });
      else if (collected.attachments.length < maxAttachments) collected.attachments.push(attachment);
      else warn("ATTACHMENTS_CUT", `Only the first ${maxAttachments} attachments are listed.`);
      if (attachment.mail && !parsed)
        warn("MAIL_NOT_OPENED", "A mail inside was left as an attachment: it is nested too deeply, or damaged.");
    }
    waiting.push(...inside.reverse());
  }
  return collected;
}

function metadataOf(found: Mail): Record<string, unknown> {
  const metadata: Record<string, unknown> = {};
  const list = (values: readonly string[]) => values.slice(0, 200).map((value) => oneLine(value).slice(0, 500));
  for (const key of ["from", "to", "cc", "bcc"] as const) if (found[key].length > 0) metadata[key] = list(found[key]);
  for (const key of ["subject", "messageId"] as const) if (oneLine(found[key])) metadata[key] = oneLine(found[key]).slice(0, 1000);
  if (found.date !== undefined) metadata["date"] = found.date;
  if (found.encrypted) metadata["encrypted"] = true;
  return metadata;
}

/** A name from inside a mail as a plain file name: no folders, no controls, not endless. */
function fileName(name: string): string {
  const last = oneLine(name).split(/[/\\]/).at(-1) ?? "";
  const plain = last.replace(/[\p{Cc}\p{Cf}:*?"<>|]/gu, "_").replace(/^\.+/, "_");
  return plain.length > 150 ? `${plain.slice(0, 120)}${/\.\w{1,10}$/.exec(plain)?.[0] ?? ""}` : plain || "attachment";
}
