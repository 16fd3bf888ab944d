import { openCore } from "./core/open-core.ts";
import { runCoreProgram } from "./shell/core-program.ts";
import type { ParentPort } from "./shell/core-program.ts";

// What Electron starts as a utility process; without one there is nobody to serve.
const { parentPort } = process as { parentPort?: ParentPort };
if (!parentPort) throw new Error("core-process runs only as a utility process of the desktop app.");
runCoreProgram(parentPort, openCore, process);
