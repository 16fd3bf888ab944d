import { describe, expect, it } from "vitest";
import { tryPasswords } from "../../../src/main/features/batch/run/try-passwords.ts";
import { AppError } from "../../../src/shared/errors.ts";

/** A file that one password opens, and what it was tried with. */
function locked(right: string) {
  const tried: (string | undefined)[] = [];
  const open = async ({ password }: { password?: string }) => {
    tried.push(password);
    if (password === undefined) throw new AppError("FILE_ENCRYPTED", "locked");
    if (password !== right) throw new AppError("FILE_PASSWORD_WRONG", "wrong");
    return "open";
  };
  return { tried, open };
}

describe("a file behind a password", () => {
  // Catches: a page that is drawn for the first of several passwords alone.
  it("is opened by the one of several that fits", async () => {
    const { tried, open } = locked("third");
    expect(await tryPasswords(["first", "second", "third", "fourth"], open)).toBe("open");
    expect(tried).toEqual([undefined, "first", "second", "third"]);
  });

  it("says that none fits, or that none was given", async () => {
    await expect(tryPasswords(["a", "b"], locked("c").open)).rejects.toMatchObject({ code: "FILE_PASSWORD_WRONG" });
    await expect(tryPasswords([], locked("c").open)).rejects.toMatchObject({ code: "FILE_ENCRYPTED" });
  });

  // Catches: a file without a password that passwords are tried on, and another fault taken for a wrong password.
  it("is not tried again where something else is wrong, or nothing", async () => {
    let calls = 0;
    const broken = async () => {
      calls += 1;
      throw new AppError("FILE_DAMAGED", "broken");
    };
    await expect(tryPasswords(["a", "b"], broken)).rejects.toMatchObject({ code: "FILE_DAMAGED" });
    expect(calls).toBe(1);
    expect(await tryPasswords(["a"], async ({ password }) => password ?? "none")).toBe("none");
  });
});
