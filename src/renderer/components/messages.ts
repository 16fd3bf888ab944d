import { defineMessages, type Words } from "../i18n/messages.ts";

export const messages = defineMessages({
  keep: "Keep",
  copied: "Copied",
  nothingWasCopied: "Nothing was copied",
  tryAgain: "Try again",
  loading: "Loading",
  widthOf: "Width of {panel}",
  page: "page {page}",
  indexed: "Ready",
  pending: "Waiting",
  skipped: "Skipped",
  failed: "Failed",
  unavailable: "Not reachable",
  queued: "Queued",
  running: "Running",
  paused: "Paused",
  done: "Done",
  cancelled: "Cancelled",
  installed: "Installed",
  partial: "Incomplete",
  missing: "Not installed",
});

export type Say = Words<typeof messages>;
