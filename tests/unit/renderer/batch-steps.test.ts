import { expect, test } from "vitest";
import { stepPath, stepRedirect, steps, toStep } from "../../../src/renderer/features/batch/steps.ts";

const run = "01980000-0000-7000-8000-000000000001";

// Catches a workspace that opens on nothing, and steps of a run that was never begun.
test("an incomplete or impossible address leads to the step that makes sense", () => {
  expect(stepRedirect(undefined, undefined)).toBe("/batch/new/input");
  expect(stepRedirect("new", "review")).toBe("/batch/new/input");
  expect(stepRedirect(run, undefined)).toBe(`/batch/${run}/run`);
  expect(stepRedirect(run, "nothing")).toBe(`/batch/${run}/run`);
});

// Catches a redirect that never ends.
test("every address that is led to is in order, and so is every step of a run", () => {
  for (const id of ["new", run]) {
    const [, , to, step] = (stepRedirect(id, "nothing") ?? "").split("/");
    expect(stepRedirect(to, step)).toBeUndefined();
  }
  for (const step of steps) expect(stepRedirect(run, step)).toBeUndefined();
  expect(stepRedirect("new", "recipe")).toBeUndefined();
});

test("what is no step is none, whatever it is called", () => {
  expect(["Input", "", "constructor", "run/"].map(toStep)).toEqual([undefined, undefined, undefined, undefined]);
  expect(stepPath(run, "export")).toBe(`/batch/${run}/export`);
});
