import { serveEngine } from "../serve-engine.ts";
import { createSearch } from "./create-search.ts";

serveEngine(createSearch);
