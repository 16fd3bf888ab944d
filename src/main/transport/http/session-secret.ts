import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * The secret that the cookies of this profile's browsers carry. It lies in a file that only this user may read, so that
 * a page goes on after the server was started again; deleting the file logs every browser out. A file that holds
 * anything else is replaced, and one that cannot be written makes a secret for this run alone.
 */
export function readSessionSecret(file: string): string {
  const stored = read(file);
  if (stored !== undefined) return stored;
  const secret = randomBytes(32).toString("base64url");
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, secret, { mode: 0o600 });
    // The mode counts for a new file only.
    chmodSync(file, 0o600);
  } catch {
    return secret;
  }
  return secret;
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8").trim();
    return SECRET.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
