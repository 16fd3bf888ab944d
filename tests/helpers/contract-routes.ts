import { type AnyContractProcedure, getEventIteratorSchemaDetails, isContractProcedure } from "@orpc/contract";
import { z } from "zod";
import { contract } from "../../src/shared/contract/index.ts";

export type RouteInfo = {
  path: [string, string];
  name: string;
  input: z.ZodType;
  /** Of the reply, or of each item of a stream. */
  output: z.ZodType;
  stream: boolean;
  effect: unknown;
};

/** Every route of the contract, so that no test lists them by hand and a new route is tested the day it is written. */
export const routes: RouteInfo[] = Object.entries(contract).flatMap(([feature, group]) =>
  Object.entries(group).flatMap(([name, procedure]: [string, unknown]) =>
    isContractProcedure(procedure) ? [describe([feature, name], procedure)] : [],
  ),
);

function describe(path: [string, string], procedure: AnyContractProcedure): RouteInfo {
  const { inputSchema, outputSchema } = procedure["~orpc"];
  const details = getEventIteratorSchemaDetails(outputSchema);
  return {
    path,
    name: path.join("."),
    input: zodType(inputSchema),
    output: zodType(details ? details.yields : outputSchema),
    stream: details !== undefined,
    effect: procedure["~orpc"].meta["effect"],
  };
}

function zodType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError("every route of the contract has zod schemas");
}
