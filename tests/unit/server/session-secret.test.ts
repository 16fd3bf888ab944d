import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAccess } from "../../../src/main/transport/http/access.ts";
import { readSessionSecret } from "../../../src/main/transport/http/session-secret.ts";
import { temporaryFolder } from "../../helpers/profile.ts";

describe("the secret of a profile's sessions", () => {
  // Catches: a page that is sent out by every restart of the server.
  it("lets a browser in that was let in before the restart, and none of another profile", () => {
    const file = join(temporaryFolder(), "profile", "session");
    const before = createAccess({ port: 4010, session: readSessionSecret(file) });
    const exchanged = before.exchange(before.createLinkToken());
    const cookie = "cookie" in exchanged ? (exchanged.cookie.split(";")[0] ?? "") : "";
    const after = createAccess({ port: 4010, session: readSessionSecret(file) });
    expect(after.checkCaller({ cookie })).toBeUndefined();
    const other = createAccess({ port: 4010, session: readSessionSecret(join(temporaryFolder(), "session")) });
    expect(other.checkCaller({ cookie })).toMatchObject({ status: 401 });
    // The link's token and the program's token are of one run.
    expect(after.checkCaller({ authorization: `Bearer ${before.token}` })).toMatchObject({ status: 401 });
  });

  it.skipIf(process.platform === "win32")("is readable by this user alone, also where the file was there before", () => {
    const file = join(temporaryFolder(), "session");
    writeFileSync(file, "not a secret", { mode: 0o644 });
    const secret = readSessionSecret(file);
    expect(readFileSync(file, "utf8")).toBe(secret);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
  });

  // Catches: a guessable session made of a file that somebody emptied or cut.
  it.each(["", "short", "x".repeat(42), `${"x".repeat(43)}\n<script>`])("is never %j", (text) => {
    const file = join(temporaryFolder(), "session");
    writeFileSync(file, text);
    expect(readSessionSecret(file)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it("is of this run alone where it cannot be kept", () => {
    const file = join(temporaryFolder(), "session");
    mkdirSync(file);
    expect(readSessionSecret(file)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
