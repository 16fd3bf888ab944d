import type { Model } from "../../../shared/contract/models.ts";
import type { CatalogueModel } from "./catalogue.ts";
import { estimateFit } from "./estimate.ts";
import { catalogueBytes, weightsOf } from "./installed.ts";
import type { Installed } from "./installed.ts";
import type { Learned } from "./store-state.ts";

/** An installed model in the contract's form, with what was learned about it on this machine. */
export function describeInstalled(found: Installed, learned: Learned, model: CatalogueModel | undefined, availableBytes: number): Model {
  const { format, bytes, contextTokens, contextBytesPerToken } = found;
  return {
    id: found.id,
    name: found.name,
    role: found.role,
    licence: found.licence,
    bytes,
    sha256: found.sha256,
    ...(model ? { languages: model.languages } : {}),
    ...(found.onnx ? { dimensions: found.onnx.dimensions } : {}),
    ...(contextTokens ? { contextTokens } : {}),
    state: "installed",
    origin: found.origin,
    starter: model?.starter ?? false,
    path: found.path,
    fit: estimateFit({
      format,
      weightBytes: bytes,
      contextTokens,
      contextBytesPerToken,
      learnedBytes: learned.memoryBytes,
      availableBytes,
    }),
    probed: learned.probe === undefined ? "never" : learned.probe.ok ? "ok" : "failed",
    ...(learned.speed ? { speed: learned.speed } : {}),
  };
}

/** A catalogue model that is not here, or only in part. */
export function describeCatalogue(model: CatalogueModel, state: "partial" | "missing", availableBytes: number): Model {
  const { sha256 } = weightsOf(model);
  const context = model.format === "gguf" ? { contextTokens: model.contextTokens, contextBytesPerToken: model.contextBytesPerToken } : {};
  const bytes = catalogueBytes(model);
  return {
    id: model.id,
    name: model.name,
    role: model.role,
    licence: model.licence,
    bytes,
    ...(sha256 ? { sha256 } : {}),
    languages: model.languages,
    ...(model.format === "onnx" ? { dimensions: model.onnx.dimensions } : { contextTokens: model.contextTokens }),
    state,
    starter: model.starter,
    fit: estimateFit({ format: model.format, weightBytes: bytes, ...context, availableBytes }),
    probed: "never",
  };
}
