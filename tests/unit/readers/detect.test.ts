import { describe, expect, it } from "vitest";
import iconv from "iconv-lite";
import { detectType, refusalOf, sniffBytes } from "../../../src/main/engines/readers/detect.ts";
import { looksLikeText, sniffText } from "../../../src/main/engines/readers/text/sniff-text.ts";
import { problems } from "../../../src/main/engines/readers/problems.ts";
import { formatOf } from "../../../src/main/engines/readers/registry.ts";
import { makePdf } from "../../helpers/make-pdf.ts";
import { seeded } from "../../helpers/random-text.ts";

const compound = (name = "") =>
  Buffer.concat([
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    Buffer.alloc(600),
    Buffer.from(name, "utf16le"),
    Buffer.alloc(64),
  ]);
const mail = "From: a@b.example\nTo: c@d.example\nSubject: Hello\nDate: Mon, 1 Jan 2024 00:00:00 +0000\n\nHello\n";
const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex");

describe("the type of a file", () => {
  // Each line is a file that would go to the wrong reader, or to none.
  it.each<[string, string | Buffer, string]>([
    ["a.txt", "Plain words.", "txt"],
    ["a", "Plain words.", "txt"],
    // Names of what every object has.
    ["a.constructor", "Plain words.", "txt"],
    ["a.__proto__", "Plain words.", "txt"],
    ["a.log", "12:00 started\n12:01 ended\n", "txt"],
    ["a.md", "no marks at all", "md"],
    ["A.MARKDOWN", "words", "md"],
    ["a.md", "<p>HTML in Markdown stays Markdown</p>", "md"],
    ["readme", "# Title\n\n- one\n- two\n", "md"],
    ["notes", "- one\n- two\n", "txt"],
    ["a.csv", "a,b\n1,2\n", "csv"],
    ["a.tsv", "a\tb\n", "csv"],
    ["a.csv", "just words", "csv"],
    ["a.html", "<p>words</p>", "html"],
    ["a.html", "no tag at all, only words", "txt"],
    ["a.xhtml", "<?xml version='1.0'?><html xmlns='x'><body/></html>", "html"],
    ["a.txt", "<!DOCTYPE html><title>x</title>", "html"],
    ["a", "<!-- a comment -->\n<html lang='de'>", "html"],
    ["a.txt", "<div class='x'>words</div>", "html"],
    ["a.txt", "<div of nothing", "txt"],
    ["a.txt", "1 < 2 and <b", "txt"],
    ["a.json", '{"a": 1}', "json"],
    ["a.json", "{ broken", "json"],
    ["a.txt", '{"a": 1}', "json"],
    ["a", "[1, 2, 3]", "json"],
    ["a.txt", "[see below] for more", "txt"],
    ["a.txt", '"quoted" words', "txt"],
    ["a.txt", '{"a":1}\n{"a":2}\n', "jsonl"],
    ["a.jsonl", '{"a":1}', "jsonl"],
    ["a.ndjson", "broken", "jsonl"],
    ["a.eml", mail, "eml"],
    ["a.txt", mail, "eml"],
    ["a.txt", "Subject: a memo\nFrom: me\n\nIt has no date.", "txt"],
    ["a.eml", "Subject: a memo\n\nIt has one line of a head.", "eml"],
    ["a.txt", "From: x\nTo: y\nthis is no header line\nDate: z\n\n", "txt"],
    ["a.mbox", `From a@b.example Mon Jan 1 00:00:00 2024\n${mail}`, "eml"],
    ["a.txt", iconv.encode("Words in two bytes each", "utf-16le"), "txt"],
    ["a.csv", iconv.encode("a;b\n1;2\n", "utf-16le", { addBOM: true }), "csv"],
    ["a.pdf", "%PDF-1.7\n", "pdf"],
    ["a.txt", `junk before${" ".repeat(900)}%PDF-1.4\n`, "pdf"],
    ["a.txt", `${"x".repeat(1030)}%PDF-1.4\n`, "txt"],
    ["a.xyz", Buffer.from(makePdf([{}])), "pdf"],
    ["a.txt", png, "png"],
    ["a.dat", Buffer.from([0x49, 0x49, 0x2a, 0, 0xff, 0xff, 0, 0]), "tiff"],
    ["a.dat", Buffer.from([0x4d, 0x4d, 0, 0x2a, 0, 0xff, 0xff, 0]), "tiff"],
    ["a.doc", compound(), "doc"],
    ["a.xls", compound(), "xls"],
    ["a.ppt", compound(), "ppt"],
    ["a.msg", compound(), "msg"],
    ["a.dat", compound("__properties_version1.0"), "msg"],
    ["a.doc", compound("__properties_version1.0"), "doc"],
    ["a.docx", compound(), "docx"],
    ["a.dat", compound(), "cfb"],
    ["a.bin", Buffer.from([0, 1, 2, 3, 0, 0, 9]), "bin"],
    ["a.txt", Buffer.from([0, 1, 2, 3, 0, 0, 9]), "bin"],
  ])("%s that holds %j is %s", async (path, content, type) => {
    expect((await detectType(typeof content === "string" ? Buffer.from(content) : content, path)).type).toBe(type);
  });

  // Catches a detector that throws, hangs or finds text in noise.
  it("of noise is never an exception, and never text", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = seeded(seed);
      const noise = Uint8Array.from({ length: 400 + Math.floor(random() * 4000) }, () => Math.floor(random() * 256));
      // A letter first, so that no magic number begins the noise.
      noise[0] = 0x78;
      const found = await detectType(noise, "a.txt");
      expect(found.type).toBe("bin");
    }
  });

  it("of the first bytes of a text does not depend on where they were cut", () => {
    const text = Buffer.from("Grüße aus Zürich — 東京 💧 ".repeat(40));
    for (let end = 20; end < 200; end += 1) expect(looksLikeText(text.subarray(0, end))).toBe(true);
  });

  it("of hostile beginnings is told at once", async () => {
    for (const piece of ["<", "<p", "<!--", "<?xml ", "{", '["', '{"a\\', "From: ", "# ", "\u001b[0m", "](", "|"]) {
      const start = Buffer.from(piece.repeat(sniffBytes).slice(0, sniffBytes));
      const began = performance.now();
      await detectType(start, "a.html");
      await detectType(start, "a");
      expect(performance.now() - began).toBeLessThan(5_000);
    }
  });
});

describe("text without a magic number", () => {
  it.each<[string, boolean, Buffer]>([
    ["nothing", true, Buffer.alloc(0)],
    ["a zero byte", false, Buffer.from("words\0words")],
    ["a few escapes", true, Buffer.from(`\u001b[31mred\u001b[0m ${"words ".repeat(40)}`)],
    ["many control characters", false, Buffer.from("\u0001\u0002a".repeat(40))],
    ["Latin letters of one byte", true, iconv.encode("Größe über alles ".repeat(9), "windows-1252")],
    ["Japanese of two bytes", true, iconv.encode("吾輩は猫である。名前はまだ無い。".repeat(20), "shift_jis")],
    ["bytes that no encoding uses", false, Buffer.alloc(400, 0x81)],
  ])("%s: %s", (_, expected, start) => {
    expect(looksLikeText(start)).toBe(expected);
    expect(sniffText(start, "txt") !== undefined).toBe(expected);
  });
});

describe("what is refused", () => {
  it.each(["doc", "xls", "ppt", "cfb", "heic", "heif", "bmp", "zip", "rar", "7z", "gz", "tar"])(
    "%s says what it is and what helps",
    (type) => {
      expect(formatOf(type)).toBeUndefined();
      const { what, hint } = refusalOf(type, "application/x");
      expect(what).toMatch(/^an? /);
      expect(hint).toMatch(/\.$/);
    },
  );

  it("sound, film, the unknown and the rest have a way out of their own", () => {
    expect(refusalOf("mp3", "audio/mpeg").hint).toContain("transcript");
    expect(refusalOf("mp4", "video/mp4").hint).toContain("transcript");
    expect(refusalOf("bin", "application/octet-stream").what).toContain("not known");
    expect(refusalOf("exe", "application/x-msdownload").what).toBe("of type exe");
  });

  // Catches a name that breaks a line, turns the writing round or fills a screen.
  it("is named on one line, bounded, whatever the file is called", () => {
    const evil = `/docs/a\nb\u202Egnp\u0000${"x".repeat(5000)}.txt`;
    for (const problem of [
      problems.unreadable(evil, new Error("x")),
      problems.notAFile(evil),
      problems.empty(evil),
      problems.tooLarge(evil, "pages", 1, 2),
      problems.encrypted(evil),
      problems.passwordWrong(evil),
      problems.encryptionUnknown(evil),
      problems.damaged(evil, "x"),
      problems.misnamed(evil, "pdf"),
      problems.unsupported(evil, "x", "y"),
      problems.hostile(evil, "x"),
      problems.late(evil, 1000),
    ]) {
      expect(problem.message).not.toMatch(/[\n\0\u202e]/);
      expect(problem.message).not.toContain("/docs");
      expect(problem.message.length).toBeLessThan(260);
      expect(problem.hint).toBeTruthy();
    }
  });
});
