import { os } from "../../core/implementer.ts";
import { runRoutes, type RunRoutesDeps } from "./run-routes.ts";
import { recipeRoutes, type RecipeRoutesDeps } from "./recipe-routes.ts";
import { reviewRoutes, type ReviewRoutesDeps } from "./review-routes.ts";

export type BatchRoutesDeps = RunRoutesDeps & RecipeRoutesDeps & ReviewRoutesDeps;

/** Handlers of `batch.*`. */
export const batchRoutes = (deps: BatchRoutesDeps) => os.batch.router({ ...runRoutes(deps), ...reviewRoutes(deps), ...recipeRoutes(deps) });
