import { OpenAPIGenerator } from "@orpc/openapi";
import { OpenAPIHandler } from "@orpc/openapi/fetch";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { z } from "zod";
import { contract } from "../../../shared/contract/index.ts";
import type { CallerContext } from "../../core/implementer.ts";
import { errorRules } from "../error-rules.ts";
import type { AppRouter } from "../serve-connection.ts";

const Details = z.object({ hint: z.string().optional(), data: z.record(z.string(), z.unknown()).optional() });

export type RestApi = {
  /** Answers `POST /api/<feature>/<route>`: JSON in, JSON or server-sent events out; undefined for any other address. */
  handle(request: Request, context: CallerContext): Promise<Response | undefined>;
  /** The OpenAPI document of all routes. */
  describe(version: string): Promise<unknown>;
};

/** The contract over plain HTTP. Errors have the form of the command line: `{"error":{"code","message","hint","data"}}`. */
export function createRestApi(router: AppRouter): RestApi {
  const handler = new OpenAPIHandler<CallerContext>(router, {
    ...errorRules(),
    customErrorResponseBodyEncoder: ({ code, message, data }) => ({ error: { code, message, ...Details.safeParse(data).data } }),
    eventIteratorKeepAliveInterval: 15_000,
  });
  return {
    async handle(request, context) {
      const { response } = await handler.handle(request, { prefix: "/api", context: { ...context } });
      return response;
    },
    describe: (version) =>
      new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(contract, {
        info: { title: "Croft", version },
        servers: [{ url: "/api" }],
        security: [{ bearer: [] }],
        components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      }),
  };
}
