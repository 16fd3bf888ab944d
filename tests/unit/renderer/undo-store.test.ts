import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppError } from "../../../src/shared/errors.ts";
import { createUndo } from "../../../src/renderer/view/undo-store.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const removal = (id: string, send: () => Promise<unknown> = async () => {}) => ({ id, text: `Deleted ${id}`, send: vi.fn(send) });

test("nothing is sent within ten seconds, and undo takes it back for good", async () => {
  const undo = createUndo();
  const back = vi.fn<() => void>();
  const one = { ...removal("a"), onUndo: back };
  undo.getState().hold(one);
  expect(undo.getState()).toMatchObject({ hidden: ["a"], waiting: one });
  await vi.advanceTimersByTimeAsync(9_900);
  undo.getState().undo();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(one.send).not.toHaveBeenCalled();
  expect(back).toHaveBeenCalledOnce();
  expect(undo.getState()).toMatchObject({ hidden: [], waiting: undefined });
});

test("after ten seconds it is sent once, stays hidden until core has done it, and cannot be undone", async () => {
  const undo = createUndo();
  const done = Promise.withResolvers<void>();
  const one = removal("a", () => done.promise);
  undo.getState().hold(one);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(one.send).toHaveBeenCalledOnce();
  expect(undo.getState()).toMatchObject({ hidden: ["a"], waiting: undefined });
  undo.getState().undo();
  done.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(undo.getState().hidden).toEqual([]);
});

test("a second removal sends the first at once, and has its own ten seconds", async () => {
  const undo = createUndo();
  const [one, two] = [removal("a"), removal("b")];
  undo.getState().hold(one);
  await vi.advanceTimersByTimeAsync(6_000);
  undo.getState().hold(two);
  expect(one.send).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(9_000);
  expect(two.send).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(two.send).toHaveBeenCalledOnce();
  expect(one.send).toHaveBeenCalledOnce();
});

test("what core refuses to remove is shown again, with the reason", async () => {
  const undo = createUndo();
  undo.getState().hold(removal("a", () => Promise.reject(new AppError("STORAGE_READONLY", "The disk is read-only; nothing was deleted."))));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(undo.getState()).toMatchObject({ hidden: [], problem: { code: "STORAGE_READONLY" } });
  undo.getState().dismiss();
  expect(undo.getState().problem).toBeUndefined();
});
