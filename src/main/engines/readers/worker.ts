import { serveEngine } from "../serve-engine.ts";
import { createReaders } from "./readers.ts";

serveEngine(createReaders);
