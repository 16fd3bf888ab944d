import { AppError } from "../../shared/errors.ts";
import type { ChatModel } from "./chat-model.ts";

/** `contextTokens` asks for a context of another size than the provider's own. */
export type ChatModelOptions = { contextTokens?: number | undefined };

/** Makes the chat model of a name that is its own. @throws NOT_FOUND · MODEL_MISSING · NOT_SUPPORTED */
export type Provider = (name: string, options?: ChatModelOptions) => Promise<ChatModel>;

export type ModelRegistry = {
  /** The model of a reference `provider:model`; a bare name is a local one. @throws NOT_FOUND, and what the provider throws */
  chatModel(reference: string, options?: ChatModelOptions): Promise<ChatModel>;
};

/** All providers by name; `local` is the one on this machine. */
export function createModelRegistry(providers: Readonly<Record<string, Provider>>): ModelRegistry {
  return {
    async chatModel(reference, options) {
      const colon = reference.indexOf(":");
      const name = colon < 0 ? "local" : reference.slice(0, colon);
      const provider = Object.hasOwn(providers, name) ? providers[name] : undefined;
      if (!provider) {
        throw new AppError("NOT_FOUND", `There is no provider ${name} for the model ${reference}.`, {
          hint: `Providers: ${Object.keys(providers).join(", ")}.`,
          data: { reference },
        });
      }
      return provider(reference.slice(colon + 1), options);
    },
  };
}
