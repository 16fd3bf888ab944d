import { serveEngine } from "../serve-engine.ts";
import { createOcrEngine } from "./ocr-engine.ts";

serveEngine(createOcrEngine);
