import { afterAll, describe, expect, test } from "vitest";
import { createReaders } from "../../src/main/engines/readers/readers.ts";
import { codeOf } from "../helpers/engine-hosts.ts";
import { fixtureFolder } from "../helpers/make-fixtures.ts";
import { makeMsg } from "../helpers/make-msg.ts";
import { blocksOf, limits, readAll } from "../helpers/readers.ts";

const files = fixtureFolder();
afterAll(() => files.close());

let made = 0;
const write = (content: string | Uint8Array, name = `mail-${(made += 1)}.eml`) => files.file(name, content);
/** A mail of lines as they are sent. */
const mailOf = (...lines: string[]) => lines.join("\r\n");
const head = [
  "From: Ada Writer <ada@example.com>",
  "To: Ben Reader <ben@example.com>",
  "Subject: Bridge works",
  "Date: Tue, 29 Jul 2025 12:42:06 +0200",
];
const codes = ({ warnings }: { warnings: { code: string }[] }) => warnings.map(({ code }) => code);

async function extract(path: string, index: number, bytes = limits.bytes) {
  const engine = await createReaders({});
  const signal = new AbortController().signal;
  return engine.methods.extract({ path, index, limits: { ...limits, bytes } }, { signal, emit() {}, checkpoint: async () => {} });
}

describe("eml", () => {
  test("the head is the first lines of the text and the metadata, the body follows as paragraphs", async () => {
    const read = await readAll(
      write(mailOf(...head, "Cc: Cy <cy@example.com>, dee@example.com", "Bcc: eve@example.com", "", "Closed", "until May.", "", "Ada")),
    );
    expect(read.head).toMatchObject({
      type: "eml",
      title: "Bridge works",
      metadata: {
        from: ["Ada Writer <ada@example.com>"],
        to: ["Ben Reader <ben@example.com>"],
        cc: ["Cy <cy@example.com>", "dee@example.com"],
        bcc: ["eve@example.com"],
        subject: "Bridge works",
        date: "2025-07-29T10:42:06.000Z",
      },
    });
    expect(read.pages.flatMap(blocksOf)).toEqual([
      "paragraph: From: Ada Writer <ada@example.com>\nTo: Ben Reader <ben@example.com>\nCc: Cy <cy@example.com>, dee@example.com\nSubject: Bridge works\nDate: Tue, 29 Jul 2025 12:42:06 +0200",
      "paragraph: Closed\nuntil May.",
      "paragraph: Ada",
    ]);
    expect(read.text).not.toContain("eve@example.com");
  });

  test("encoded words, folded over lines and in two encodings, are one subject", async () => {
    const read = await readAll(
      write(
        mailOf("From: =?iso-8859-1?Q?J=FCrgen?= <j@example.com>", "Subject: =?utf-8?B?QnLDvGNr?=", " =?utf-8?Q?e_gesperrt?=", "", "Text"),
      ),
    );
    expect(read.head.title).toBe("Brücke gesperrt");
    expect(read.head.metadata["from"]).toEqual(["Jürgen <j@example.com>"]);
  });

  test.each([
    ["latin1", "iso-8859-1", "Brücke", Buffer.from("Brücke", "latin1")],
    ["Japanese", "iso-2022-jp", "日本", Buffer.from([0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42])],
    ["Cyrillic", "koi8-r", "мост", Buffer.from([0xcd, 0xcf, 0xd3, 0xd4])],
  ])("a body in %s is decoded by its declared charset", async (_name, charset, expected, bytes) => {
    const start = mailOf(...head, `Content-Type: text/plain; charset=${charset}`, "Content-Transfer-Encoding: 8bit", "", "");
    expect((await readAll(write(Buffer.concat([Buffer.from(start), bytes])))).text).toContain(expected);
  });

  test("letters of an older encoding that nothing declares are guessed rather than lost", async () => {
    const read = await readAll(
      write(
        Buffer.from(
          mailOf(
            "From: Jürgen <j@example.com>",
            "Subject: Brücke über die Düssel",
            "",
            "Die Brücke über die Düssel ist gesperrt für Fußgänger.",
          ),
          "latin1",
        ),
      ),
    );
    expect(read.head.title).toBe("Brücke über die Düssel");
    expect(read.text).toContain("für Fußgänger");
  });

  test.each(["utf16le", "utf-16be"] as const)("a file saved as %s without a mark is read like any other", async (encoding) => {
    const bytes = Buffer.from(mailOf(...head, "", "Closed until May."), "utf16le");
    const read = await readAll(write(encoding === "utf16le" ? bytes : bytes.swap16()));
    expect(read.head.title).toBe("Bridge works");
    expect(read.text).toContain("Closed until May.");
  });

  test("quoted-printable and base64 bodies are decoded, damage in them harms only itself", async () => {
    const quoted = await readAll(
      write(
        mailOf(
          ...head,
          "Content-Type: text/plain; charset=utf-8",
          "Content-Transfer-Encoding: quoted-printable",
          "",
          "Br=C3=BCcke=",
          " zu, =ZZ bleibt",
        ),
      ),
    );
    expect(quoted.text).toContain("Brücke zu");
    expect(quoted.text).toContain("bleibt");
    const packed = await readAll(write(mailOf(...head, "Content-Transfer-Encoding: base64", "", "Q2xvc2Vk!!IHVudGlsIE1heQ")));
    expect(packed.text).toContain("Closed");
  });

  const alternatives = (plain: string, html: string) =>
    mailOf(
      ...head,
      'Content-Type: multipart/alternative; boundary="b"',
      "",
      "--b",
      "Content-Type: text/plain",
      "",
      plain,
      "--b",
      "Content-Type: text/html",
      "",
      html,
      "--b--",
    );

  test("of a plain and an HTML body the plain one is read", async () => {
    const read = await readAll(write(alternatives("Plain words.", "<p>HTML words.</p>")));
    expect(read.text).toContain("Plain words.");
    expect(read.text).not.toContain("HTML words.");
  });

  test("an HTML body with a data table is read for its table", async () => {
    const table = "<p>Costs:</p><table><tr><th>Item</th><th>Price</th></tr><tr><td>Bolt</td><td>3.50</td></tr></table>";
    const read = await readAll(write(alternatives("Costs: Item Price Bolt 3.50", table)));
    expect(read.tables.map(({ rows }) => rows)).toEqual([
      [
        ["Item", "Price"],
        ["Bolt", "3.50"],
      ],
    ]);
    for (const { start, end } of read.tables) expect(read.text.slice(start, end)).toBe("Item | Price\nBolt | 3.50");
  });

  test("scripts, styles and hidden text of an HTML body are not read", async () => {
    const read = await readAll(
      write(
        mailOf(
          ...head,
          "Content-Type: text/html",
          "",
          "<style>.x{}</style><script>steal()</script><p style='display:none'>trap</p><p>Seen.</p>",
        ),
      ),
    );
    expect(read.text).toMatch(/\n\nSeen\.$/);
    expect(read.text).not.toMatch(/steal|trap|\.x/);
  });

  test("a digest's mails are read one after the other, each under its subject", async () => {
    const inner = (number: number) => ["--d", "", `From: ${number}@example.com`, `Subject: Part ${number}`, "", `Text ${number}.`];
    const read = await readAll(
      write(mailOf(...head, 'Content-Type: multipart/digest; boundary="d"', "", ...inner(1), ...inner(2), "--d--")),
    );
    expect(read.pages.flatMap(blocksOf).slice(1)).toEqual([
      "heading2: Part 1",
      "paragraph: From: 1@example.com\nSubject: Part 1",
      "paragraph: Text 1.",
      "heading2: Part 2",
      "paragraph: From: 2@example.com\nSubject: Part 2",
      "paragraph: Text 2.",
    ]);
    expect(codes(read)).toEqual([]);
  });

  /** A mail that holds a mail that holds … `depth` deep, the innermost with an attachment. */
  const nested = (depth: number): string =>
    depth === 0
      ? mailOf(
          "Subject: Core",
          'Content-Type: multipart/mixed; boundary="x"',
          "",
          "--x",
          "",
          "Innermost.",
          "--x",
          "Content-Disposition: attachment; filename=a.txt",
          "",
          "attached",
          "--x--",
        )
      : mailOf(
          `Subject: Level ${depth}`,
          "From: a@example.com",
          "Date: Tue, 29 Jul 2025 12:42:06 +0200",
          "Content-Type: message/rfc822",
          "",
          nested(depth - 1),
        );

  test("mails inside mails are read with their attachments, down to a depth; a deeper one is left as an attachment", async () => {
    const near = await readAll(write(nested(4)));
    expect(near.text).toContain("Innermost.");
    expect(near.attachments).toEqual([{ name: "a.txt", type: "text/plain", bytes: 9 }]);
    const far = await readAll(write(nested(9)));
    expect(far.text).not.toContain("Innermost.");
    expect(far.attachments.map(({ type }) => type)).toEqual(["message/rfc822"]);
    expect(codes(far)).toContain("MAIL_NOT_OPENED");
  });

  const withAttachment = (name: string) =>
    mailOf(
      ...head,
      'Content-Type: multipart/mixed; boundary="x"',
      "",
      "--x",
      "",
      "See below.",
      "--x",
      `Content-Type: text/csv; name="${name}"`,
      "Content-Disposition: attachment",
      "Content-Transfer-Encoding: base64",
      "",
      "YSxiCjEsMgo=",
      "--x--",
    );

  test("attachments are listed with name, type and size, and can be taken out", async () => {
    const path = write(withAttachment("costs.csv"));
    expect((await readAll(path)).attachments).toEqual([{ name: "costs.csv", type: "text/csv", bytes: 8 }]);
    expect(await extract(path, 0)).toEqual({ name: "costs.csv", type: "text/csv", bytes: new Uint8Array(Buffer.from("a,b\n1,2\n")) });
    expect(await codeOf(extract(path, 1))).toBe("NOT_FOUND");
    expect(await codeOf(extract(path, -1))).toBe("NOT_FOUND");
  });

  test.each(["../../etc/passwd", "..\\..\\boot.ini", "/absolute", `${"a".repeat(5000)}.pdf`, "a:b*c?.txt", ".."])(
    "an attachment called %.30s gets a plain file name",
    async (name) => {
      const [attachment] = (await readAll(write(withAttachment(name)))).attachments;
      expect(attachment?.name).toMatch(/^[^/\\:*?]{1,160}$/);
      expect(attachment?.name).not.toMatch(/^\./);
    },
  );

  test("an attachment above the limit is refused when it is taken out", async () => {
    const path = write(
      mailOf(
        ...head,
        'Content-Type: multipart/mixed; boundary="x"',
        "",
        "--x",
        "Content-Disposition: attachment; filename=big.txt",
        "",
        "z".repeat(900),
        "--x--",
      ),
    );
    expect((await extract(path, 0, 2000)).bytes.length).toBe(901);
    expect(await codeOf(extract(path, 0, 500))).toBe("FILE_TOO_LARGE");
  });

  test("a mail without a body says so and keeps its head", async () => {
    const read = await readAll(write(mailOf(...head, "", "")));
    expect(read.text).toContain("Subject: Bridge works");
    expect(codes(read)).toEqual(["MAIL_NO_BODY"]);
  });

  test.each([
    [
      "PGP/MIME",
      [
        'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="e"',
        "",
        "--e",
        "Content-Type: application/pgp-encrypted",
        "",
        "Version: 1",
        "--e",
        "Content-Type: application/octet-stream",
        "",
        "-----BEGIN PGP MESSAGE-----",
        "--e--",
      ],
    ],
    ["inline PGP", ["", "-----BEGIN PGP MESSAGE-----", "", "hIwDY32hYGCE8MkBA", "-----END PGP MESSAGE-----"]],
    [
      "S/MIME",
      ["Content-Type: application/pkcs7-mime; smime-type=enveloped-data", "Content-Transfer-Encoding: base64", "", "MIAGCSqGSIb3DQEHA6CA"],
    ],
  ])("an encrypted mail (%s) gives its head and says that the body is locked", async (_name, lines) => {
    const read = await readAll(write(mailOf(...head, ...lines)));
    expect(codes(read)).toEqual(["MAIL_ENCRYPTED"]);
    expect(read.head.metadata["encrypted"]).toBe(true);
    expect(read.text).toMatch(/Date: [^\n]*$/);
  });

  test("a signed mail is not taken for an encrypted one", async () => {
    const read = await readAll(
      write(
        mailOf(
          ...head,
          'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary="s"',
          "",
          "--s",
          "",
          "Signed words.",
          "--s",
          "Content-Type: application/pgp-signature; name=sig.asc",
          "",
          "-----BEGIN PGP SIGNATURE-----",
          "--s--",
        ),
      ),
    );
    expect(read.text).toContain("Signed words.");
    expect(codes(read)).toEqual([]);
  });

  test.each(["", "   \r\n\r\n   "])("a file of nothing (%j) is empty", async (content) => {
    expect(await codeOf(readAll(write(content)))).toBe("FILE_EMPTY");
  });

  test("a date that cannot be understood stays in the text and out of the metadata", async () => {
    const read = await readAll(write(mailOf("From: a@example.com", "Date: the day after", "Subject: s", "", "Text")));
    expect(read.text).toContain("Date: the day after");
    expect(read.head.metadata).not.toHaveProperty("date");
  });

  test("a mail that ends in the middle of a part gives what is there", async () => {
    const read = await readAll(write(withAttachment("costs.csv").slice(0, -30)));
    expect(read.text).toContain("See below.");
  });

  test("parts nested without end and heads without end are refused as hostile", async () => {
    let parts = "";
    for (let depth = 0; depth < 300; depth += 1) parts += `Content-Type: multipart/mixed; boundary="b${depth}"\r\n\r\n--b${depth}\r\n`;
    expect(await codeOf(readAll(write(`${mailOf(...head)}\r\n${parts}\r\nDeep.`)))).toBe("FILE_HOSTILE");
    expect(await codeOf(readAll(write(`${mailOf(...head)}\r\n${`X-Filler: ${"x".repeat(900)}\r\n`.repeat(2000)}\r\nText`)))).toBe(
      "FILE_HOSTILE",
    );
  });

  test("more text than allowed is refused with the limit's name", async () => {
    const path = write(mailOf(...head, "", "word ".repeat(1000)));
    const error: unknown = await readAll(path, { limits: { textUnits: 1000 } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "FILE_TOO_LARGE", data: { limit: "textUnits", allowed: 1000 } });
  });

  test("a digest of many mails can be cancelled between them", async () => {
    const inner = Array.from({ length: 50 }, (_, index) => `--d\r\n\r\nSubject: ${index}\r\n\r\nText\r\n`).join("");
    const path = write(mailOf(...head, 'Content-Type: multipart/digest; boundary="d"', "", `${inner}--d--`));
    const control = new AbortController();
    control.abort();
    await expect(readAll(path, { signal: control.signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("msg", () => {
  const fields = { subject: "Bridge works", body: "Closed until May.", senderName: "Ada Writer", senderEmail: "ada@example.com" };
  const whole = makeMsg({
    ...fields,
    recipients: [
      { name: "Ben", email: "ben@example.com", kind: 1 },
      { name: "Cy", email: "cy@example.com", kind: 2 },
    ],
    attachments: [{ name: "costs.csv", type: "text/csv", content: Buffer.from("a,b\n") }],
  });

  test("a message has its head, body and attachments", async () => {
    const path = write(whole, "letter.msg");
    const read = await readAll(path);
    expect(read.head).toMatchObject({
      type: "msg",
      title: "Bridge works",
      metadata: { from: ["Ada Writer <ada@example.com>"], to: ["Ben <ben@example.com>"], cc: ["Cy <cy@example.com>"] },
    });
    expect(read.text).toBe(
      "From: Ada Writer <ada@example.com>\nTo: Ben <ben@example.com>\nCc: Cy <cy@example.com>\nSubject: Bridge works\n\nClosed until May.",
    );
    expect(read.attachments).toEqual([{ name: "costs.csv", type: "text/csv", bytes: 4 }]);
    expect(Buffer.from((await extract(path, 0)).bytes).toString()).toBe("a,b\n");
  });

  test("is known by its content where the name says nothing", async () => {
    expect((await readAll(write(whole, "letter"))).head.type).toBe("msg");
  });

  test("an HTML body is read where there is no plain one", async () => {
    const read = await readAll(write(makeMsg({ ...fields, body: "", html: "<p>Closed <b>until</b> May.</p>" }), "html.msg"));
    expect(read.text).toMatch(/\n\nClosed until May\.$/);
  });

  test("an encrypted message gives its head", async () => {
    const read = await readAll(write(makeMsg({ ...fields, messageClass: "IPM.Note.SMIME" }), "locked.msg"));
    expect(codes(read)).toEqual(["MAIL_ENCRYPTED"]);
    expect(read.text).not.toContain("Closed");
  });

  test("a file cut short at any sector is read or refused with a reason, never hangs", async () => {
    for (let end = 512; end < whole.length; end += 512) {
      const outcome = await readAll(write(whole.subarray(0, end), `cut-${end}.msg`)).then(
        () => "read",
        (error: unknown) => (error instanceof Error && "code" in error ? error.code : String(error)),
      );
      expect(outcome, `cut at ${end}`).toMatch(/^(?:read|FILE_DAMAGED|FILE_HOSTILE|FILE_EMPTY)$/);
    }
  });

  test("other compound files called .msg are damaged, not empty mails", async () => {
    expect(await codeOf(readAll(write(Buffer.from("d0cf11e0a1b11ae1".padEnd(8192, "0"), "hex"), "fake.msg")))).toMatch(/FILE_DAMAGED/);
    expect(await codeOf(readAll(write("plain words", "words.msg")))).toBe("FILE_DAMAGED");
  });
});
