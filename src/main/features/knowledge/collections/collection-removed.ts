import { AppError } from "../../../../shared/errors.ts";

/** Ends what works on a collection that a person removed meanwhile. */
export const collectionRemoved = () =>
  new AppError("CONFLICT", "The collection was removed while it was indexed. Nothing of it was kept.", {
    hint: "Add the folder to another collection.",
  });
