import { basename } from "node:path";
import { AppError } from "../../../shared/errors.ts";

/** Every way in which a file is refused. Nothing of a refused file is kept, so each says what to do with the file. */
export const problems = {
  unreadable: (path: string, cause: unknown) =>
    new AppError("FILE_UNREADABLE", `${name(path)} could not be opened.`, {
      hint: "Check that the file is still there and that you may read it.",
      data: { reason: errnoOf(cause) },
      cause,
    }),
  notAFile: (path: string) =>
    new AppError("FILE_UNREADABLE", `${name(path)} is not a regular file.`, { hint: "Choose a file.", data: { reason: "not-a-file" } }),
  empty: (path: string) =>
    new AppError("FILE_EMPTY", `${name(path)} is empty.`, {
      hint: "There is nothing to read; copy the file again if it should have content.",
    }),
  tooLarge: (path: string, limit: "bytes" | "pages" | "pixels" | "textUnits", allowed: number, found: number) =>
    new AppError("FILE_TOO_LARGE", `${name(path)} has ${found} ${limitUnits[limit]}; at most ${allowed} are read.`, {
      hint: "Split the file, or raise the limit in the settings.",
      data: { limit, allowed, found },
    }),
  encrypted: (path: string) =>
    new AppError("FILE_ENCRYPTED", `${name(path)} needs a password.`, { hint: "Give its password, or save a copy without one." }),
  passwordWrong: (path: string) =>
    new AppError("FILE_PASSWORD_WRONG", `The password given does not open ${name(path)}.`, { hint: "Check the password and try again." }),
  encryptionUnknown: (path: string, cause?: unknown) =>
    new AppError("FILE_ENCRYPTED", `${name(path)} is encrypted in a way that is not supported.`, {
      hint: "Save a copy without encryption.",
      cause,
    }),
  damaged: (path: string, what: string, cause?: unknown) =>
    new AppError("FILE_DAMAGED", `${name(path)} is damaged: ${what}.`, {
      hint: "Open it with the program that made it and save it again.",
      cause,
    }),
  misnamed: (path: string, expected: string) =>
    new AppError("FILE_DAMAGED", `${name(path)} is named as ${expected}, but its content is not ${expected}.`, {
      hint: "Give the file its right name, or copy it again if the copy was cut short.",
      data: { expected },
    }),
  unsupported: (path: string, what: string, hint: string, type?: string) =>
    new AppError("FILE_TYPE_UNSUPPORTED", `${name(path)} is ${what}, which Croft does not read.`, {
      hint,
      data: type === undefined ? {} : { type },
    }),
  hostile: (path: string, what: string) =>
    new AppError("FILE_HOSTILE", `${name(path)} was not read: ${what}.`, {
      hint: "Do not open this file unless you know where it comes from.",
    }),
  late: (path: string, timeMs: number) =>
    new AppError("TIMEOUT", `Reading ${name(path)} took longer than ${Math.round(timeMs / 1000)} s and was given up.`, {
      hint: "Split the file, or raise the time limit in the settings.",
      data: { limit: "timeMs", allowed: timeMs },
    }),
};

const limitUnits = { bytes: "bytes", pages: "pages", pixels: "pixels", textUnits: "characters" };

/** A file's own name is hostile text as well: one line, bounded. */
function name(path: string): string {
  return basename(path)
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .slice(0, 120);
}

function errnoOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}
