/** A mail as every mail format gives it, whatever it was stored as. Texts are as they came: hostile, unbounded. */
export type Mail = {
  from: string[];
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  /** As the mail writes it. */
  dateText: string;
  /** ISO 8601; undefined where there is no date, or none that can be understood. */
  date: string | undefined;
  messageId: string;
  text: string;
  html: string;
  /** The body is encrypted (PGP or S/MIME), so that only the head can be read. */
  encrypted: boolean;
  attachments: MailAttachment[];
};

/** `load` gives the content, `mail` parses a mail that lies inside; `inline` is a picture that the body shows. */
export type MailAttachment = {
  name: string;
  type: string;
  bytes: number;
  inline: boolean;
  load(): Uint8Array;
  mail?: () => Promise<Mail>;
};

/** `Name <address>`, without what is missing or said twice. */
export function mailbox(name: string, address: string): string {
  if (address === "" || name === address) return name;
  return name === "" ? address : `${name} <${address}>`;
}

/** ISO 8601 of a date in any usual form. */
export function isoOf(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Text that is one PGP message and nothing else. */
export const isArmoured = (text: string): boolean => /^\s*-----BEGIN PGP MESSAGE-----/.test(text);
