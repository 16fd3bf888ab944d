import { expect, test } from "vitest";
import { createCallGate } from "../../../src/main/providers/call-gate.ts";

/** Enters and reports under a name when it is inside. */
function entering(limit: number) {
  const gate = createCallGate(limit);
  const inside: string[] = [];
  const leave = new Map<string, () => void>();
  const enter = async (name: string, priority: "interactive" | "background", signal?: AbortSignal) => {
    leave.set(name, await gate.enter(priority, signal));
    inside.push(name);
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { enter, inside, settle, leave: (name: string) => leave.get(name)?.() };
}

// Catches a folder of batch documents taking every place, so that a question waits for minutes.
test("background calls leave one place for a person", async () => {
  const { enter, inside, settle, leave } = entering(2);
  void enter("b1", "background");
  void enter("b2", "background");
  await settle();
  expect(inside).toEqual(["b1"]);
  void enter("i1", "interactive");
  await settle();
  expect(inside).toEqual(["b1", "i1"]);
  leave("b1");
  await settle();
  expect(inside).toEqual(["b1", "i1", "b2"]);
});

// Catches background work that never runs where there is only one place.
test("with one place background runs, and interactive goes first", async () => {
  const { enter, inside, settle, leave } = entering(1);
  void enter("b1", "background");
  void enter("b2", "background");
  void enter("i1", "interactive");
  await settle();
  leave("b1");
  await settle();
  expect(inside).toEqual(["b1", "i1"]);
});

// Catches a cancelled call that keeps its place in the queue and, once let in, never leaves.
test("an aborted wait ends at once and frees nothing that it never had", async () => {
  const { enter, inside, settle, leave } = entering(1);
  const controller = new AbortController();
  void enter("a", "interactive");
  const waiting = enter("b", "interactive", controller.signal);
  void enter("c", "interactive");
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
  await expect(enter("d", "interactive", controller.signal)).rejects.toMatchObject({ code: "ABORTED" });
  leave("a");
  leave("a");
  await settle();
  expect(inside).toEqual(["a", "c"]);
});
