import { serveEngine } from "../serve-engine.ts";
import { createPages } from "./pages.ts";

// pdf.js leaves promises of a damaged file rejected after the call has been told of it; a call that never returns is
// given up from outside.
process.on("unhandledRejection", () => {});

serveEngine(createPages);
