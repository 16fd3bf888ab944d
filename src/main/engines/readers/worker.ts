import { serveEngine } from "../serve-engine.ts";
import { createReaders } from "./readers.ts";

// pdf.js leaves promises of a damaged file rejected after the call has been told of it. That must not end the process:
// a call that truly never returns is given up by the watchdog outside.
process.on("unhandledRejection", () => {});

serveEngine(createReaders);
