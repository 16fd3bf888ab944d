import type { MiddlewareHandler } from "hono";

/**
 * Answers with `refuse` where a body has more than `maxBytes`. One that does not say how long it is (chunked) is read
 * here as far as that, and handed on whole. Hono's own limit makes a `Request` out of the server's, which is none to
 * Node, and so fails for every such body.
 */
export function limitBody(maxBytes: number, refuse: () => Response): MiddlewareHandler {
  return async (context, next) => {
    const { body, headers, method, signal, url } = context.req.raw;
    if (!body) return await next();
    if (headers.has("content-length") && !headers.has("transfer-encoding")) {
      return Number(headers.get("content-length")) > maxBytes ? refuse() : await next();
    }
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of body) {
      bytes += part.length;
      if (bytes > maxBytes) return refuse();
      parts.push(part);
    }
    context.req.raw = new Request(url, { method, headers, signal, ...(bytes > 0 ? { body: Buffer.concat(parts) } : {}) });
    return await next();
  };
}
