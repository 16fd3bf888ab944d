import { z } from "zod";
import { acknowledgeType } from "../../shared/client/stream-window.ts";

const CallId = z.string().min(1).max(64);

/** What a client may send: a call, the end of a call, or the acknowledgement of stream items. Nothing else has a meaning. */
const Frame = z.union([
  z.strictObject({
    i: CallId,
    p: z.strictObject({
      u: z.string().regex(/^\/[A-Za-z0-9_%-]{1,100}(\/[A-Za-z0-9_%-]{1,100}){0,8}$/),
      b: z
        .strictObject({
          json: z.unknown().optional(),
          meta: z
            .array(z.array(z.union([z.string(), z.number()])).max(32))
            .max(1000)
            .optional(),
        })
        .optional(),
    }),
  }),
  z.strictObject({ i: CallId, t: z.literal(4), p: z.null().optional() }),
  z.strictObject({ i: CallId, t: z.literal(acknowledgeType), p: z.number().int().min(1).max(1_000_000) }),
]);

export type ClientFrame =
  | { type: "call"; id: string; path: string; body: unknown }
  | { type: "abort"; id: string }
  | { type: "acknowledge"; id: string; count: number };

/** A frame as its meaning. Throws for anything else, and for frames longer than `limit` UTF-16 units. */
export function decodeFrame(raw: unknown, limit: number): ClientFrame {
  if (typeof raw !== "string") throw new TypeError("a frame is text");
  if (raw.length > limit) throw new RangeError(`a frame has at most ${limit} characters`);
  const frame = Frame.parse(JSON.parse(raw));
  if (!("t" in frame)) return { type: "call", id: frame.i, path: frame.p.u, body: frame.p.b };
  if (frame.t === acknowledgeType) return { type: "acknowledge", id: frame.i, count: frame.p };
  return { type: "abort", id: frame.i };
}
