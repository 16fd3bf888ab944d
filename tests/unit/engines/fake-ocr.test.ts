import { afterAll, describe, expect, it } from "vitest";
import { createFakeOcr } from "../../../src/main/engines/fakes/fake-ocr.ts";
import { codeOf } from "../../helpers/engine-hosts.ts";

describe("the fake text recognition", () => {
  const host = createFakeOcr();
  afterAll(() => host.close());
  const recognize = (text: string, languages = ["eng"]) => host.call("recognize", { image: new TextEncoder().encode(text), languages });

  it("lays the words of its bytes out in lines and blocks, with boxes that follow the text", async () => {
    const output = await recognize("two words\n\nnew block");
    expect(output.words.map(({ text, line, block, box }) => [text, line, block, box])).toEqual([
      ["two", 0, 0, [0, 0, 30, 20]],
      ["words", 0, 0, [40, 0, 90, 20]],
      ["new", 2, 1, [0, 40, 30, 60]],
      ["block", 2, 1, [40, 40, 90, 60]],
    ]);
    expect(output).toMatchObject({ width: 90, height: 60, rotation: 0, confidence: 1 });
  });

  it("refuses a language by the same code as the real one, and finds nothing on an empty page", async () => {
    expect(await codeOf(recognize("text", ["fra"]))).toBe("MODEL_MISSING");
    expect(await recognize("")).toMatchObject({ words: [], confidence: 0 });
  });
});
