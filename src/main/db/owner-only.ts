import { chmodSync, closeSync, openSync } from "node:fs";

/**
 * Makes a database file where there is none, and lets its owner alone read it: SQLite makes files as the umask says,
 * which on most systems is for everybody, and a folder that was there before Croft may be open to all. The logs beside
 * the file take its rights. Never throws: SQLite, which opens the file next, says better what is wrong with it.
 */
export function ownerOnly(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
    // A file that was there has kept its rights.
    chmodSync(file, 0o600);
  } catch {
    // Nothing may be written here, or the file system knows no rights.
  }
}
