import { createORPCClient, mapEventIterator, type ClientContext, type ClientLink } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import type { Contract } from "../contract/index.ts";
import { fromRpcError } from "./rpc-error.ts";

/** Every route of the contract as a function; streams are async iterators, and closing one aborts it in core. */
export type CroftClient = ContractRouterClient<Contract>;

export type Link = ClientLink<ClientContext>;

/** A client over any link. Calls and streams reject with `AppError` only, whichever transport they went through. */
export function createClient(link: Link): CroftClient {
  return createORPCClient<CroftClient>({
    async call(path, input, options) {
      try {
        const output = await link.call(path, input, options);
        return isStream(output)
          ? mapEventIterator(output, { value: async (value) => value, error: async (error) => fromRpcError(error) })
          : output;
      } catch (error) {
        throw fromRpcError(error);
      }
    },
  });
}

/** True for what a streaming route returns. */
export function isStream(output: unknown): output is AsyncIterator<unknown, unknown, void> {
  return typeof output === "object" && output !== null && Symbol.asyncIterator in output && "next" in output;
}
