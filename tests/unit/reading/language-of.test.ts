import { describe, expect, it } from "vitest";
import type { ReadersProtocol } from "../../../src/main/engines/readers/protocol.ts";
import { languageOf } from "../../../src/main/features/knowledge/reading/language-of.ts";
import type { WatchedCall } from "../../../src/main/features/knowledge/reading/watchdog.ts";
import { AppError } from "../../../src/shared/errors.ts";

const control = { signal: new AbortController().signal, priority: "background" as const, what: "a.txt" };

/** A readers' process that answers, or throws, one after the other what is given. */
function answering(...answers: (string | undefined | Error)[]) {
  const samples: string[] = [];
  const call = (async (_: string, { sample }: { sample: string }) => {
    samples.push(sample);
    const answer = answers[samples.length - 1];
    if (answer instanceof Error) throw answer;
    return answer;
  }) as unknown as WatchedCall<ReadersProtocol>;
  return { call, samples };
}

describe("the language of a text", () => {
  // Catches: a letter's head, a table of names or a licence that decides for the whole text.
  it("is told from the middle, whatever stands at both ends", async () => {
    const text = `${"A".repeat(10_000)}${"m".repeat(4000)}${"Z".repeat(10_000)}`;
    const { call, samples } = answering("de");
    expect(await languageOf(text, call, control)).toBe("de");
    expect(samples).toEqual(["m".repeat(4000)]);
  });

  it("is told from all of a short text", async () => {
    const { call, samples } = answering("en");
    await languageOf("a short note", call, control);
    expect(samples).toEqual(["a short note"]);
  });

  // Catches: a process that is started for a text of white space only.
  it("of nothing is not asked for", async () => {
    const { call, samples } = answering("en");
    expect(await languageOf(" \n\t", call, control)).toBeUndefined();
    expect(samples).toEqual([]);
  });

  // Catches: a document that fails since another one took the process along with it.
  it("is asked for again where the process is lost, and is unknown when it is lost again", async () => {
    const lost = () => new AppError("ENGINE_EXITED", "It ended.");
    const once = answering(lost(), "fr");
    expect(await languageOf("texte", once.call, control)).toBe("fr");
    const twice = answering(lost(), new AppError("TIMEOUT", "It stood still."), "fr");
    expect(await languageOf("texte", twice.call, control)).toBeUndefined();
    expect(twice.samples).toHaveLength(2);
  });

  // Catches: a cancelled job that goes on as if the text had no language.
  it.each(["ABORTED", "ENGINE_UNAVAILABLE"] as const)("is no answer to %s, which is thrown at once", async (code) => {
    const { call, samples } = answering(new AppError(code, "no"), "fr");
    await expect(languageOf("texte", call, control)).rejects.toMatchObject({ code });
    expect(samples).toHaveLength(1);
  });
});
