import { serveEngine } from "../serve-engine.ts";
import { createGeneration } from "./generation.ts";

serveEngine(createGeneration);
