import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeWindow, readWindowState, smallest, writeWindowState } from "../../../src/main/shell/window-state.ts";

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const screen = { x: 1440, y: 0, width: 2560, height: 1440 };
const saved = { x: 1600, y: 100, width: 1200, height: 800, maximized: false };

describe("where a window opens", () => {
  it("is where it was, while that display is there", () => {
    expect(placeWindow(saved, [laptop, screen])).toEqual(saved);
  });

  it("is the first display when its own is gone: a window nobody can see cannot be closed", () => {
    expect(placeWindow(saved, [laptop])).toEqual({ x: 120, y: 63, width: 1200, height: 800, maximized: false });
  });

  it("is the first display when only a corner would show, or the title bar would not", () => {
    expect(placeWindow({ ...saved, x: 1440 - 1200 + 100, y: -700 }, [laptop]).y).toBeGreaterThanOrEqual(laptop.y);
    expect(placeWindow({ ...saved, x: -1100, y: 100 }, [laptop]).x).toBe(120);
    expect(placeWindow({ ...saved, x: 100, y: 890 }, [laptop]).y).toBe(63);
  });

  it("is never larger than the display, nor smaller than a page can use", () => {
    const small = { x: 0, y: 0, width: 1024, height: 640 };
    expect(placeWindow({ x: 0, y: 0, width: 5000, height: 4000, maximized: true }, [small])).toMatchObject({
      width: 1024,
      height: 640,
      maximized: true,
    });
    expect(placeWindow({ ...saved, width: 10, height: 10 }, [laptop, screen])).toMatchObject(smallest);
  });

  it("is the middle of the first display the first time, and anywhere when no display is known", () => {
    expect(placeWindow(undefined, [laptop, screen])).toMatchObject({ x: 40, y: 25, width: 1360, height: 875 });
    expect(placeWindow(undefined, [])).toMatchObject({ width: 1360, height: 880 });
  });
});

describe("the saved state", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "croft-window-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("comes back as it was written, in a folder that was not there", () => {
    const file = join(folder, "new", "window-state.json");
    writeWindowState(file, saved);
    expect(readWindowState(file)).toEqual(saved);
  });

  it.each(["", "{", "null", '{"x":1}', JSON.stringify({ ...saved, x: "1" }), JSON.stringify({ ...saved, width: 1e12 })])(
    "%s counts as none",
    (text) => {
      const file = join(folder, "state.json");
      writeFileSync(file, text);
      expect(readWindowState(file)).toBeUndefined();
    },
  );

  it("that cannot be written is no error, and leaves the old one whole", () => {
    const file = join(folder, "state.json");
    writeWindowState(file, saved);
    writeWindowState(join(file, "inside-a-file", "state.json"), saved);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(saved);
  });
});
