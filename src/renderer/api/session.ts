const tokenPattern = /^#token=([A-Za-z0-9._~-]{8,500})$/;

/** The one-time token that a start link carries after its `#`, which no server or log ever sees. */
export const readToken = (hash: string): string | undefined => tokenPattern.exec(hash)?.[1];

/**
 * Exchanges the token of the start link for a session cookie and takes it out of the address and the history.
 * Without a token the cookie of an earlier visit is used.
 */
export async function startSession(location: Location, history: History): Promise<void> {
  const token = readToken(location.hash);
  if (!token) return;
  history.replaceState(null, "", `${location.pathname}${location.search}#/`);
  await fetch("session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
    credentials: "same-origin",
  });
}
