import { ORPCError } from "@orpc/client";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { z } from "zod";
import { contract } from "../contract/index.ts";
import { isErrorCode } from "../errors.ts";
import type { Link } from "./create-client.ts";

const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** A link over the REST interface of a server: `address` as it printed it, `token` as its bearer token. */
export function createHttpLink(address: string, token: string): Link {
  return new OpenAPILink(contract, {
    url: `${address}/api`,
    headers: { authorization: `Bearer ${token}` },
    customErrorResponseBodyDecoder(body, response) {
      const parsed = ErrorBody.safeParse(body);
      if (!parsed.success) return undefined;
      const { code, message, hint, data } = parsed.data.error;
      return new ORPCError(isErrorCode(code) ? code : "INTERNAL", { status: response.status, message, data: { hint, data } });
    },
  });
}
