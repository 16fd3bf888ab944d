import { expect, test } from "vitest";
import { decodeText } from "../../../src/main/engines/readers/text/decode-text.ts";
import { withNewPageTree } from "../../../src/main/engines/readers/pdf/rescue.ts";

const rescued = (source: string) => {
  const bytes = withNewPageTree(Buffer.from(source, "latin1"));
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("latin1").slice(source.length);
};

test("the new tree lists the pages by the file's order, above every number in use", () => {
  const added = rescued("7 0 obj\n<< /Type /Page >>\nendobj\n12 1 obj <</Type/Page/X 1>> endobj 40 0 obj (x) endobj");
  expect(added).toContain("41 0 obj\n<< /Type /Pages /Count 2 /Kids [7 0 R 12 1 R]");
  expect(added).toContain("/Root 42 0 R");
});

test("page trees, words in content and what other objects say are no pages", () => {
  expect(rescued("1 0 obj << /Type /Pages >> endobj")).toBeUndefined();
  expect(rescued("1 0 obj << /Length 9 >> stream\n/Type /Page\nendstream endobj")).toBeUndefined();
  expect(rescued("1 0 obj << >> endobj /Type /Page")).toBeUndefined();
});

test("a page that is written twice is listed once, and an encrypted file is left alone", () => {
  expect(rescued("3 0 obj << /Type /Page >> endobj 3 0 obj << /Type /Page >> endobj")).toContain("/Count 1");
  expect(rescued("3 0 obj << /Type /Page >> endobj trailer << /Encrypt 9 0 R >>")).toBeUndefined();
});

test("hostile numbers of objects cost little", () => {
  expect(rescued(`${"1 0 obj ".repeat(50_000)}`)).toBeUndefined();
  expect(rescued("99999999999 0 obj << /Type /Page >> endobj")).toBeUndefined();
});

test("text in UTF-16 without a mark is not taken for UTF-8 with zeros in it", () => {
  expect(decodeText(Buffer.from("Plain words in two bytes each", "utf16le"))).toMatchObject({
    text: "Plain words in two bytes each",
    encoding: "utf-16le",
  });
});
