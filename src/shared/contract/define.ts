import { oc } from "@orpc/contract";
import { z } from "zod";

/** What a route does to the world; scopes of a principal are sets of these. */
export const effects = ["read", "write", "egress", "execute"] as const;
export type Effect = (typeof effects)[number];

export type RouteMeta = { effect: Effect };

const base = oc.$meta<RouteMeta>({ effect: "read" });

/**
 * Starts a route. Every route of the contract is made by this function, so that none can lack an effect.
 * Calls add `.input(schema).output(schema)`, streams `.output(eventIterator(schema))`.
 */
export const route = (effect: Effect) => base.meta({ effect });

/** UUIDv7 text made by core; sorts by time. */
export const Id = z.uuid();
export type Id = z.infer<typeof Id>;

/** sha256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a sha256 in hex");

/** Milliseconds since 1970. */
export const Timestamp = z.number().int().nonnegative();

/** `[x0, y0, x1, y1]` in points from the top left of the page. */
export const Box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Box = z.infer<typeof Box>;

/** A text of a person: bounded, since every external text is hostile until parsed. */
export const shortText = z.string().trim().min(1).max(200);

/** A file system path as given by a person. */
export const FilePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes("\0"), "a path has no NUL");

/** An error as data: what is stored with a failed item and what crosses the wire. */
export const Reason = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
export type Reason = z.infer<typeof Reason>;

export const Empty = z.object({}).strict();
