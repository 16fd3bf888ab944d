export type MailPart = { name: string; type: string; content: string | Uint8Array; inline?: boolean };

/** A mail with these attachments, as bytes. */
export function makeMail(subject: string, body: string, attachments: readonly MailPart[]): Buffer {
  const parts = attachments.map(({ name, type, content, inline }) => {
    const how = inline ? "inline" : "attachment";
    const id = inline ? "Content-ID: <picture@example.com>\r\n" : "";
    return `--x\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: ${how}; filename="${name}"\r\n${id}Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString("base64")}\r\n`;
  });
  return Buffer.from(
    `From: a@example.com\r\nTo: b@example.com\r\nSubject: ${subject}\r\nDate: Tue, 29 Jul 2025 12:42:06 +0200\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n${body}\r\n${parts.join("")}--x--\r\n`,
  );
}
