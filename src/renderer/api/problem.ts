import type { WireError } from "../../shared/errors.ts";
import { toWire } from "../../shared/errors.ts";

/** What every view shows of an error: what failed, its code, and what to do next. */
export type Problem = Pick<WireError, "code" | "message" | "hint">;

/** Any thrown value in the words of the view; the client rejects with `AppError` only, the rest is ours and INTERNAL. */
export const toProblem = (error: unknown): Problem => toWire(error);
