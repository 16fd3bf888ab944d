import { defineMessages, type Words } from "../../i18n/messages.ts";

export const messages = defineMessages({
  title: "Jobs",
  loading: "Loading jobs",
  none: "No jobs yet",
  noneText: "Indexing, downloads and everything else that takes longer than a moment is listed here.",
  pause: "Pause: {title}",
  resume: "Resume: {title}",
  cancel: "Cancel: {title}",
  retry: "Try again: {title}",
  seconds: "{low} to {high} s left",
  minutes: "{low} to {high} min left",
  hours: "{low} to {high} h left",
  about: "{time} left",
  second: "less than 10 s",
  stalled: "No progress for {seconds} s. Pausing and resuming tries again; what is there is kept.",
  progress: "{done} of {total} {unit}",
});

export type Say = Words<typeof messages>;
