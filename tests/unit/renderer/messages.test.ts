import { expect, test } from "vitest";
import { messages as firstRun } from "../../../src/renderer/features/first-run/messages.ts";
import { messages as jobs } from "../../../src/renderer/features/jobs/messages.ts";
import { messages as models } from "../../../src/renderer/features/models/messages.ts";
import { messages as settings } from "../../../src/renderer/features/settings/messages.ts";
import { defineMessages, wordsIn } from "../../../src/renderer/i18n/messages.ts";
import { messages as shell } from "../../../src/renderer/shell/messages.ts";

const catalogue = defineMessages({ plain: "Jobs", gap: "{name} of {total} is here", twice: "{name}, {name}" });

// Catches: a value put in the wrong gap, one that is read as a gap itself, a missing one that shows braces.
test("gaps are filled by name, and what fills them is never read as a message", () => {
  const say = wordsIn(catalogue, "en");
  expect(say("plain")).toBe("Jobs");
  expect(say("gap", { name: "{total}", total: 3 })).toBe("{total} of 3 is here");
  expect(say("twice", { name: "$&" })).toBe("$&, $&");
});

test("the test language turns every word of the catalogue, and nothing that fills a gap", () => {
  const say = wordsIn(catalogue, "ar-XB");
  expect(say("plain")).toBe("\u202eJobs\u202c");
  expect(say("gap", { name: "notes.txt", total: 3 })).toBe("notes.txt \u202eof\u202c 3 \u202eis\u202c \u202ehere\u202c");
});

test("each turning is ended, so that no text after a message is turned", () => {
  for (const [key, text] of Object.entries({ ...shell, ...settings, ...firstRun, ...jobs, ...models })) {
    const turned = wordsIn({ key: text } as Record<string, string>, "ar-XB")("key");
    expect([...turned.matchAll(/\u202e/g)].length, key).toBe([...turned.matchAll(/\u202c/g)].length);
  }
});

// Catches: a message that shouts, is empty, or has a brace that no compiler sees.
test.each(Object.entries({ shell, settings, firstRun, jobs, models }))("the messages of %s say what is", (_, feature) => {
  for (const [key, text] of Object.entries(feature)) {
    expect(text.trim(), key).not.toBe("");
    expect(text, key).not.toMatch(/!|\p{Extended_Pictographic}|oops/iu);
    expect(text.replaceAll(/\{\w+\}/g, ""), key).not.toMatch(/[{}]/);
  }
});
