import type { Group } from "./command.ts";
import { ask } from "./commands/ask.ts";
import { backup } from "./commands/backup.ts";
import { batch } from "./commands/batch.ts";
import { createCompletion } from "./commands/completion.ts";
import { config } from "./commands/config.ts";
import { core } from "./commands/core.ts";
import { doctor } from "./commands/doctor.ts";
import { jobs } from "./commands/jobs.ts";
import { kb } from "./commands/kb.ts";
import { models } from "./commands/models.ts";
import { read } from "./commands/read.ts";
import { restore } from "./commands/restore.ts";
import { search } from "./commands/search.ts";
import { serve } from "./commands/serve.ts";
import { start } from "./commands/start.ts";
import { threads } from "./commands/threads.ts";

/** Everything that `croft` can do. */
export const root: Group = {
  summary: "Croft: your documents, models and conversations, on this machine.",
  commands: {
    start,
    serve,
    doctor,
    models,
    kb,
    search,
    ask,
    read,
    threads,
    batch,
    jobs,
    backup,
    restore,
    config,
    completion: createCompletion(() => root),
    core,
  },
};
