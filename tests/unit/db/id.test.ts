import { describe, expect, it } from "vitest";
import { Id } from "../../../src/shared/contract/define.ts";
import { createId } from "../../../src/main/db/id.ts";

describe("ids", () => {
  it("are UUIDs of version 7 that the contract accepts", () => {
    const id = createId();
    expect(Id.safeParse(id).success).toBe(true);
    expect(id[14]).toBe("7");
    expect("89ab").toContain(id[19]);
  });

  it("sort in the order they were made, many in one millisecond and a clock that jumps back included", () => {
    const time = Date.UTC(2030, 0, 1);
    const ids = [...Array.from({ length: 6000 }, () => createId(time)), createId(time - 5000), createId(time + 50)];
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
