/** Where the page lives: a scheme of our own, so that no page has the rights of `file:` or of a web origin. */
export const scheme = "app";
export const appOrigin = `${scheme}://croft`;
export const startUrl = `${appOrigin}/index.html`;

/** True for an address of the page itself; anything that is no address at all is false. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  // `origin` is "null" in Node for schemes it does not know, and `app://croft` in Chromium: compare the parts.
  return parsed?.protocol === `${scheme}:` && parsed.host === "croft" && parsed.username === "" && parsed.password === "";
}

const directives = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:", "blob:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "worker-src": ["'self'"],
  "object-src": ["'none'"],
  "frame-src": ["'none'"],
  "frame-ancestors": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
};

/** The policy sent with every response. `'self'` is the bundle and the page images, never a host on the network. */
export const contentSecurityPolicy = Object.entries(directives)
  .map(([name, sources]) => `${name} ${sources.join(" ")}`)
  .join("; ");

/** Headers of every response over `app:`, but bytes of documents. */
export const securityHeaders: Record<string, string> = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Headers of bytes of documents: were one ever opened as a page, it could run, load and reach nothing. */
export const bytesHeaders: Record<string, string> = {
  ...securityHeaders,
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "cache-control": "no-store",
};
