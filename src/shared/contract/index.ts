import { batch } from "./batch.ts";
import { chat } from "./chat.ts";
import { jobs } from "./jobs.ts";
import { knowledge } from "./knowledge.ts";
import { models } from "./models.ts";
import { reading } from "./reading.ts";
import { settings } from "./settings.ts";
import { system } from "./system.ts";

/** Everything callable. Ports, WebSocket, socket, HTTP, command line and tests are derived from it. */
export const contract = { system, models, knowledge, reading, chat, batch, jobs, settings };
export type Contract = typeof contract;
