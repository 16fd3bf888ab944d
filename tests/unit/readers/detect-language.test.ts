import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../../src/main/engines/readers/text/detect-language.ts";

const german = "Die Sitzung wurde auf den nächsten Montag verschoben, weil der Vorsitzende noch nicht aus dem Urlaub zurückgekehrt war.";

describe("the language of a sample", () => {
  it("is told by its words", async () => {
    expect(await detectLanguage(german)).toBe("de");
    expect(await detectLanguage("The meeting was put off until next Monday, since the chair had not come back from her holiday.")).toBe(
      "en",
    );
  });

  // Catches a table of figures, a list of addresses or a lone surrogate that is given a language, or that throws.
  it("is unknown where there are no words to tell it by", async () => {
    expect(await detectLanguage("")).toBeUndefined();
    expect(await detectLanguage("12 | 34 | 56 ### === 78 | 90".repeat(20))).toBeUndefined();
    expect(await detectLanguage("https://example.org/a-very-long-path-of-words ".repeat(20))).toBeUndefined();
    expect(await detectLanguage("\ud800".repeat(50))).toBeUndefined();
  });
});
