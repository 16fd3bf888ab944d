import { describe, expect, test } from "vitest";
import { inspectorBounds, listBounds, widthByKey, within } from "../../../src/renderer/components/panel-width.ts";
import { useLayout } from "../../../src/renderer/view/layout-store.ts";

const bounds = { min: 180, max: 420 };

// Catches: a panel dragged out of the window or to nothing, and widths of half pixels that blur every line.
test("a width stays within its bounds, in whole pixels", () => {
  expect(within(-40, bounds)).toBe(180);
  expect(within(4000, bounds)).toBe(420);
  expect(within(240.6, bounds)).toBe(241);
  expect(within(Number.POSITIVE_INFINITY, bounds)).toBe(420);
});

describe("keys on the edge of a panel", () => {
  // Catches: arrows that go against what is seen, in panels at the other side or in a mirrored window.
  test.each([
    ["ArrowRight", 1, 256],
    ["ArrowLeft", 1, 224],
    ["ArrowRight", -1, 224],
    ["ArrowLeft", -1, 256],
  ] as const)("%s moves the edge the way it points, where the panel grows %i", (key, outward, width) => {
    expect(widthByKey(key, false, 240, bounds, outward)).toBe(width);
  });

  test("with Shift go four steps, and neither leaves the bounds", () => {
    expect(widthByKey("ArrowRight", true, 240, bounds, 1)).toBe(304);
    expect(widthByKey("ArrowRight", true, 400, bounds, 1)).toBe(420);
    expect(widthByKey("ArrowLeft", true, 200, bounds, 1)).toBe(180);
  });

  test("Home and End are the ends, Enter forgets what was chosen", () => {
    expect(widthByKey("Home", false, 300, bounds, 1)).toBe(180);
    expect(widthByKey("End", false, 300, bounds, -1)).toBe(420);
    expect(widthByKey("Enter", false, 300, bounds, 1)).toBe("default");
  });

  // Catches: an edge that swallows keys of the window, such as Esc, F6 or the letters that step through messages.
  test.each(["Escape", "Tab", "F6", "j", "[", " ", "ArrowUp", "ArrowDown", "PageUp"])("%s is left to the window", (key) => {
    expect(widthByKey(key, false, 300, bounds, 1)).toBeUndefined();
  });

  test("an arrow and its opposite come back to where they began", () => {
    for (const outward of [1, -1] as const)
      for (let width = 200; width <= 400; width += 7) {
        const there = widthByKey("ArrowRight", false, width, bounds, outward);
        expect(typeof there === "number" && widthByKey("ArrowLeft", false, there, bounds, outward)).toBe(width);
      }
  });
});

test("the list and the inspector leave the main part room at 1024 pixels", () => {
  expect(listBounds.max).toBeLessThan(1024 / 2);
  expect(listBounds.min).toBeGreaterThanOrEqual(160);
  expect(inspectorBounds.min).toBeGreaterThanOrEqual(280);
});

// Catches: one workspace's list that takes the width of another's, and a width that cannot be forgotten.
test("each workspace remembers its own widths", () => {
  const { setWidth } = useLayout.getState();
  setWidth("chat.list", 300);
  setWidth("knowledge.list", 200);
  setWidth("chat.inspector", 500);
  expect(useLayout.getState().widths).toEqual({ "chat.list": 300, "knowledge.list": 200, "chat.inspector": 500 });
  setWidth("chat.list", undefined);
  expect(useLayout.getState().widths["chat.list"]).toBeUndefined();
  expect(useLayout.getState().widths["knowledge.list"]).toBe(200);
});
