import { describe, expect, test } from "vitest";
import { isArmoured, isoOf, mailbox } from "../../../src/main/engines/readers/mail/mail.ts";
import { addMail } from "../../../src/main/engines/readers/mail/mail-text.ts";
import { parseEml } from "../../../src/main/engines/readers/mail/parse-eml.ts";
import { parseMsg } from "../../../src/main/engines/readers/mail/parse-msg.ts";
import { createTextBuilder } from "../../../src/main/engines/readers/text/text-builder.ts";
import { makeMsg } from "../../helpers/make-msg.ts";

const mail = {
  from: [],
  to: [],
  cc: [],
  bcc: [],
  subject: "",
  dateText: "",
  date: undefined,
  messageId: "",
  text: "",
  html: "",
  encrypted: false,
  attachments: [],
};

test.each([
  ["Ada", "ada@example.com", "Ada <ada@example.com>"],
  ["", "ada@example.com", "ada@example.com"],
  ["Ada", "", "Ada"],
  ["ada@example.com", "ada@example.com", "ada@example.com"],
  ["", "", ""],
])("a mailbox of name %j and address %j is %j", (name, address, expected) => {
  expect(mailbox(name, address)).toBe(expected);
});

test.each([
  ["Tue, 29 Jul 2025 12:42:06 +0200", "2025-07-29T10:42:06.000Z"],
  ["2025-07-29T12:42:06Z", "2025-07-29T12:42:06.000Z"],
  ["the day after", undefined],
  ["", undefined],
  ["Tue, 99 Foo 2025", undefined],
])("the date %j is %j", (text, expected) => {
  expect(isoOf(text)).toBe(expected);
});

test("only a text that begins as a PGP message is taken for one, not one that quotes it", () => {
  expect(isArmoured("\n-----BEGIN PGP MESSAGE-----\nabc")).toBe(true);
  expect(isArmoured("He sent -----BEGIN PGP MESSAGE-----")).toBe(false);
  expect(isArmoured("-----BEGIN PGP SIGNED MESSAGE-----")).toBe(false);
});

describe("a mail as text", () => {
  test("a head without anything adds no line, and no body is told", () => {
    const builder = createTextBuilder("a.eml", 1000);
    expect(addMail(mail, builder)).toEqual({ tables: [], hasBody: false });
    expect(builder.text()).toBe("");
  });

  test("a line end smuggled into a field does not make a line of its own", () => {
    const builder = createTextBuilder("a.eml", 1000);
    addMail({ ...mail, subject: "Hello\r\nFrom: boss@example.com" }, builder);
    expect(builder.text()).toBe("Subject: Hello From: boss@example.com");
  });

  test("paragraphs keep their lines and indents", () => {
    const builder = createTextBuilder("a.eml", 1000);
    addMail({ ...mail, text: "List:\r\n   - one\r\n   - two\r\n\r\n \r\nEnd" }, builder);
    expect(builder.text()).toBe("List:\n   - one\n   - two\n\nEnd");
    expect(builder.blocks.map(({ start, end }) => builder.text().slice(start, end))).toEqual(["List:\n   - one\n   - two", "End"]);
  });

  test("an HTML body of layout tables alone does not replace the plain one", () => {
    const builder = createTextBuilder("a.eml", 1000);
    addMail({ ...mail, text: "Plain.", html: "<table><tr><td>Laid out.</td></tr></table>" }, builder);
    expect(builder.text()).toBe("Plain.");
  });
});

describe("the Internet message format", () => {
  const parse = (source: string) => parseEml(Buffer.from(source));

  test("groups of addresses are opened", async () => {
    expect((await parse("To: Team: a@example.com, Bo <b@example.com>;, c@example.com\n\nx")).to).toEqual([
      "a@example.com",
      "Bo <b@example.com>",
      "c@example.com",
    ]);
  });

  test("a field that comes twice counts once, as it came first", async () => {
    expect((await parse("From: a@example.com\nFrom: b@example.com\n\nx")).from).toEqual(["a@example.com"]);
  });

  test("what is no mail at all is text without a head", async () => {
    expect(await parse("just words")).toMatchObject({ from: [], subject: "" });
  });

  test("a mail inside is parsed only when it is asked for", async () => {
    const outer = await parse("Subject: outer\nContent-Type: message/rfc822\n\nSubject: inner\n\ntext");
    expect(outer.attachments).toHaveLength(1);
    expect(outer.attachments[0]).toMatchObject({ name: "mail-1.eml", type: "message/rfc822" });
    expect((await outer.attachments[0]?.mail?.())?.subject).toBe("inner");
  });
});

describe("Outlook's message format", () => {
  test("recipients are sorted into to, cc and bcc", () => {
    const recipients = [1, 2, 3].map((kind) => ({ name: `n${kind}`, email: `n${kind}@example.com`, kind }));
    expect(parseMsg(makeMsg({ subject: "s", recipients }))).toMatchObject({
      to: ["n1 <n1@example.com>"],
      cc: ["n2 <n2@example.com>"],
      bcc: ["n3 <n3@example.com>"],
    });
  });

  test("letters beyond Latin survive in fields and names", () => {
    const found = parseMsg(
      makeMsg({ subject: "橋は閉鎖", attachments: [{ name: "отчёт.txt", type: "text/plain", content: Buffer.from("x") }] }),
    );
    expect(found.subject).toBe("橋は閉鎖");
    expect(found.attachments[0]?.name).toBe("отчёт.txt");
  });

  test("a signed message is no encrypted one", () => {
    expect(parseMsg(makeMsg({ subject: "s", body: "b", messageClass: "IPM.Note.SMIME.MultipartSigned" })).encrypted).toBe(false);
  });

  test("bytes that are no message are refused", () => {
    expect(() => parseMsg(new Uint8Array(2048))).toThrow();
  });
});
