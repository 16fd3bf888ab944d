import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a request is answered; `next` is the honest answer, ranges included. */
export type Answer = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export type FileServer = {
  origin: string;
  /** Every request so far: method, path and range. */
  requests: { method: string; path: string; range: string | undefined; ifRange: string | undefined }[];
  /** What the path gives; headers of the hub are declared with it. */
  put(path: string, file: { body: Buffer; etag?: string; lastModified?: string; linkedSha256?: string }): void;
  /** Answers of the coming requests, one each; afterwards the server is honest again. HEAD does not count. */
  script(...answers: Answer[]): void;
  close(): Promise<void>;
};

/** A loopback server that serves files with ranges and If-Range, and misbehaves on command. */
export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, Parameters<FileServer["put"]>[1]>();
  const requests: FileServer["requests"] = [];
  const script: Answer[] = [];

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const header = (name: string) => (typeof request.headers[name] === "string" ? request.headers[name] : undefined);
    requests.push({ method: request.method ?? "", path, range: header("range"), ifRange: header("if-range") });
    const honest = () => serve(request, response, files.get(path));
    const answer = request.method === "HEAD" ? undefined : script.shift();
    if (answer) answer(request, response, honest);
    else honest();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    put: (path, file) => void files.set(path, file),
    script: (...answers) => void script.push(...answers),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(request: IncomingMessage, response: ServerResponse, file: Parameters<FileServer["put"]>[1] | undefined): void {
  if (!file) return void response.writeHead(404).end();
  const { body, etag, lastModified, linkedSha256 } = file;
  const headers: Record<string, string> = {
    "accept-ranges": "bytes",
    ...(etag ? { etag } : {}),
    ...(lastModified ? { "last-modified": lastModified } : {}),
    ...(linkedSha256 ? { "x-linked-etag": `"${linkedSha256}"`, "x-linked-size": String(body.length) } : {}),
  };
  if (request.method === "HEAD") return void response.writeHead(200, { ...headers, "content-length": body.length }).end();
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
  const condition = request.headers["if-range"];
  if (Number.isNaN(start) || (condition !== undefined && condition !== etag && condition !== lastModified)) {
    return void response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
  }
  if (start >= body.length) return void response.writeHead(416, { "content-range": `bytes */${body.length}` }).end();
  response.writeHead(206, {
    ...headers,
    "content-length": body.length - start,
    "content-range": `bytes ${start}-${body.length - 1}/${body.length}`,
  });
  response.end(body.subarray(start));
}

/** Sends the honest head and this many bytes of the body, then cuts the connection. */
export function cutAfter(bytes: number): Answer {
  return (_request, response, next) => {
    const end = response.end.bind(response);
    const cut = (chunk: unknown) => {
      if (!Buffer.isBuffer(chunk)) return end();
      response.write(chunk.subarray(0, bytes), () => setImmediate(() => response.destroy()));
      return response;
    };
    response.end = cut as typeof response.end;
    next();
  };
}

/** Sends the honest head and this many bytes, then nothing, with the connection left open. */
export function stallAfter(bytes: number): Answer {
  return (_request, response, next) => {
    response.end = ((chunk: unknown) => {
      if (Buffer.isBuffer(chunk)) response.write(chunk.subarray(0, bytes));
      return response;
    }) as typeof response.end;
    next();
  };
}

/** Answers with a status and no body. */
export function status(code: number): Answer {
  return (_request, response) => void response.writeHead(code).end();
}
