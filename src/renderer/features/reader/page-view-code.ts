import { queryOptions } from "@tanstack/react-query";

/**
 * The view of pages, which is looked at by few and not at first: its code comes when it is wanted. From the cache and
 * not by `lazy`: React holds whatever was suspended back for 300 ms, however soon it is there.
 */
export const pageViewCode = queryOptions({
  queryKey: ["page-view-code"],
  queryFn: () => import("./page-view.tsx"),
  staleTime: "static",
  gcTime: Number.POSITIVE_INFINITY,
});
