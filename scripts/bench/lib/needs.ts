import { skipReason } from "../../../tests/helpers/models.ts";
import { missingData } from "../../../tests/helpers/test-data.ts";

/** Why a row that needs these models and data cannot run here, or undefined when it can. */
export function missing(model: string, ...more: { model?: string; data?: string }[]): string | undefined {
  const reasons = [{ model }, ...more].map((need) =>
    "model" in need && need.model ? skipReason(need.model) : "data" in need && need.data ? missingData(need.data) : undefined,
  );
  return reasons.find((reason) => reason !== undefined);
}
