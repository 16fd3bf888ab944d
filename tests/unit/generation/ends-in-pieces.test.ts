import { describe, expect, it } from "vitest";
import { jsonEnd } from "../../../src/main/engines/generation/json-end.ts";
import { stopStrings } from "../../../src/main/engines/generation/stop-strings.ts";
import { seeded } from "../../helpers/random-text.ts";

/** A text in pieces of random lengths, as tokens bring it. */
function pieces(text: string, random: () => number): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + 1 + Math.floor(random() * 6);
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}

function randomValue(random: () => number, depth = 0): unknown {
  const kind = Math.floor(random() * (depth > 3 ? 4 : 6));
  if (kind === 0) return [null, true, false][Math.floor(random() * 3)];
  if (kind === 1) return [0, -1, 12.5, 1e21, -3e-9, 42][Math.floor(random() * 6)];
  if (kind < 4) return ["", "a", 'say "hi"', "\\", '\\"', "}]", "{[", "line\nend", "💧", "tr\u0000ue"][Math.floor(random() * 10)];
  const parts = Array.from({ length: Math.floor(random() * 4) }, () => randomValue(random, depth + 1));
  return kind === 4 ? parts : Object.fromEntries(parts.map((part, index) => [`k"${index}\\`, part]));
}

describe("the end of a JSON value", () => {
  // Catches a value that is cut at a bracket in a string, or sampled on beyond its end.
  it("is found where it is, however the value comes", () => {
    for (let seed = 1; seed <= 800; seed += 1) {
      const random = seeded(seed);
      const value = randomValue(random);
      const text = JSON.stringify(value, undefined, random() < 0.3 ? 2 : 0);
      const end = jsonEnd();
      let found: number | undefined;
      for (const piece of pieces(`${text}, and more: "}]`, random)) {
        found = end.push(piece);
        if (found !== undefined) break;
      }
      expect(found, text).toBe(text.length);
    }
  });

  it("is not found before the value is whole", () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = seeded(seed);
      const text = JSON.stringify(randomValue(random));
      const end = jsonEnd();
      for (const letter of text.slice(0, -1)) expect(end.push(letter), text).toBeUndefined();
    }
  });
});

describe("stop strings", () => {
  // Catches a part of a stop string that is shown, text that is held back for ever, and a stop that is missed.
  it("end a text at the first that is complete, and nothing of it was shown", () => {
    for (let seed = 1; seed <= 800; seed += 1) {
      const random = seeded(seed);
      const word = (most: number) => Array.from({ length: 1 + Math.floor(random() * most) }, () => "ab"[Math.floor(random() * 2)]).join("");
      const stops = Array.from({ length: Math.floor(random() * 4) }, () => word(4));
      const text = word(40);
      const watch = stopStrings(stops);
      let shown = 0;
      let stopped: number | undefined;
      for (let at = 0; at < text.length && stopped === undefined; at += 1) {
        const { stoppedAt, safe } = watch.push(text[at] ?? "");
        const whole = text.slice(0, at + 1);
        const expected = stops.filter((stop) => whole.includes(stop)).map((stop) => whole.indexOf(stop));
        expect(stoppedAt, `${stops.join()} in ${whole}`).toBe(expected.length > 0 ? Math.min(...expected) : undefined);
        expect(safe).toBeGreaterThanOrEqual(shown);
        shown = safe;
        stopped = stoppedAt;
        if (stopped === undefined) {
          // What is held back is the beginning of a stop, and the longest there is.
          const held = whole.slice(safe);
          expect(held === "" || stops.some((stop) => stop.startsWith(held))).toBe(true);
          for (let from = 0; from < safe; from += 1) expect(stops.some((stop) => stop.startsWith(whole.slice(from)))).toBe(false);
        } else expect(safe).toBeLessThanOrEqual(stopped);
      }
      if (stopped === undefined) expect(stops.some((stop) => text.includes(stop))).toBe(false);
    }
  });

  it("in pieces stop at the same place or before, and never show a stop", () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = seeded(seed);
      const stops = ["\n\n", "###", "</s>"].filter(() => random() < 0.7);
      const text = Array.from({ length: 40 }, () => ["a", "\n", "#", "<", "/s>", "</s>"][Math.floor(random() * 6)]).join("");
      const watch = stopStrings(stops);
      let safe = 0;
      for (const piece of pieces(text, random)) {
        const step = watch.push(piece);
        ({ safe } = step);
        if (step.stoppedAt !== undefined) break;
      }
      for (const stop of stops) expect(text.slice(0, safe)).not.toContain(stop);
    }
  });
});
