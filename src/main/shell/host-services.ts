import { toWire } from "../../shared/errors.ts";
import { AppError } from "../../shared/errors.ts";
import type { Secrets } from "../core/host.ts";
import type { HostCalls, ToCore } from "./host-messages.ts";

/** What core may have done on the desktop. */
export type Desktop = { showInFolder(path: string): void };

type Services = { [Name in keyof HostCalls]: (input: HostCalls[Name]["input"]) => Promise<HostCalls[Name]["output"]> };

/** Answers core's calls; what fails goes back as a typed error, so that no call of core waits for ever. */
export function createHostServices(secrets: Secrets, desktop: Desktop): (id: number, name: string, input: unknown) => Promise<ToCore> {
  const services: Services = {
    "secrets.get": ({ name }) => secrets.get(name),
    "secrets.set": ({ name, value }) => secrets.set(name, value),
    "secrets.delete": ({ name }) => secrets.delete(name),
    "secrets.isProtected": () => secrets.isProtected(),
    "desktop.showInFolder": async ({ path }) => desktop.showInFolder(path),
  };
  return async (id, name, input) => {
    try {
      if (!Object.hasOwn(services, name)) throw new AppError("NOT_SUPPORTED", `The shell has no service ${name}.`);
      const service = services[name as keyof HostCalls] as (input: unknown) => Promise<unknown>;
      return { kind: "reply", id, output: await service(input) };
    } catch (error) {
      return { kind: "replyFailed", id, error: toWire(error) };
    }
  };
}
