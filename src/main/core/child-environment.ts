/** Variables that carry secrets: the token of the server, and what `secrets-file.ts` reads. */
const SECRET = /^CROFT_(TOKEN$|SECRET_)/i;

/** The environment of a program that parses strangers' files: without the secrets, which it has no use for. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !SECRET.test(name)));
}
