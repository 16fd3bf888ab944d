/** What a program that embeds Croft imports: `import { openProfile } from "croft"`. */
export { createCore, type Core, type CoreOptions } from "./core/create-core.ts";
export type { Child, ChildSpec, Host, HostPaths, Secrets } from "./core/host.ts";
export type { AppRouter } from "./transport/serve-connection.ts";
export type { CallerContext } from "./core/implementer.ts";
export { createLogger, type Logger, type LogRecord } from "./core/logger.ts";
export { createNodeHost, type NodeHost, type NodeHostOptions } from "./core/node-host.ts";
export { openCore, type OpenedCore } from "./core/open-core.ts";
export { openProfile, type OpenedProfile } from "./core/open-profile.ts";
export { owner, type Principal } from "./core/principal.ts";
export { acquireProfileLock, type ProfileLock } from "./core/profile-lock.ts";
export { createMemoryClient } from "./transport/memory-client.ts";
export { type CroftClient, createClient } from "../shared/client/create-client.ts";
export { contract, type Contract } from "../shared/contract/index.ts";
export { AppError, type ErrorCode } from "../shared/errors.ts";
