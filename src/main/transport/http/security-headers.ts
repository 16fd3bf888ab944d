/**
 * Sent with every response of the loopback server. Only its own files run; it may be framed by nobody and is read by
 * no other origin.
 */
export const securityHeaders: Record<string, string> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
};

/** Sent with bytes of documents: were one ever opened as a page, it could run, load and reach nothing. */
export const bytesHeaders: Record<string, string> = {
  ...securityHeaders,
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
};
