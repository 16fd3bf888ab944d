import { AppError, type ErrorCode } from "../../../../shared/errors.ts";

/** Opens a file without a password, and where it is encrypted with each that was given. @throws FILE_ENCRYPTED · FILE_PASSWORD_WRONG when none fits · what `open` throws */
export async function tryPasswords<Result>(
  passwords: readonly string[],
  open: (password: { password?: string }) => Promise<Result>,
): Promise<Result> {
  try {
    return await open({});
  } catch (error) {
    if (!has(error, "FILE_ENCRYPTED")) throw error;
    let last: unknown = error;
    for (const password of passwords) {
      try {
        return await open({ password });
      } catch (again) {
        if (!has(again, "FILE_PASSWORD_WRONG")) throw again;
        last = again;
      }
    }
    throw last;
  }
}

const has = (error: unknown, code: ErrorCode) => error instanceof AppError && error.code === code;
