import { expect, it } from "vitest";
import { poolRow } from "../../../src/main/engines/inference/pool.ts";

const states = { data: Float32Array.of(3, 4, 0, 2, 100, 100, 1, 0, 0, 1, 7, 7), shape: [2, 3, 2] };
const rounded = (vector: Float32Array | undefined) => vector && [...vector].map((value) => Math.round(value * 1_000) / 1_000);

it("cls takes the first token of its row, at length 1", () => {
  expect(rounded(poolRow(states, 0, 2, "cls"))).toEqual([0.6, 0.8]);
  expect(rounded(poolRow(states, 1, 2, "cls"))).toEqual([1, 0]);
});

it("mean counts real tokens only, not the padding behind them", () => {
  expect(rounded(poolRow(states, 0, 2, "mean"))).toEqual([0.447, 0.894]);
});

it("leaves the model's output as it was (rows share one buffer)", () => {
  poolRow(states, 0, 3, "mean");
  expect([states.data[0], states.data[1]]).toEqual([3, 4]);
});

it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [0]])("has no vector for a state of %d", (value) => {
  expect(poolRow({ data: Float32Array.of(value, 0), shape: [1, 1, 2] }, 0, 1, "cls")).toBeUndefined();
});
