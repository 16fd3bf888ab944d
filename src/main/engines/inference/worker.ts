import { serveEngine } from "../serve-engine.ts";
import { createInferenceEngine } from "./inference-engine.ts";

serveEngine(createInferenceEngine);
