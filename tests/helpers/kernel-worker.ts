import { serveEngine } from "../../src/main/engines/serve-engine.ts";
import { createKernelEngine } from "./kernel-engine.ts";

serveEngine(createKernelEngine);
