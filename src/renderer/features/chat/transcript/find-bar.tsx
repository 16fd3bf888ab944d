import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useCroft } from "../../../api/use-croft.ts";
import { TextField } from "../../../components/field.tsx";
import { IconButton } from "../../../components/icon-button.tsx";
import { useWords } from "../../../i18n/use-words.ts";
import { messages } from "../messages.ts";
import { useSettled } from "../composer/use-settled.ts";

/** Finds in the whole conversation, also where it is not on the screen: the browser's own search sees only that. */
export function FindBar({ thread, onClose }: { thread: string; onClose(): void }) {
  const say = useWords(messages);
  const { orpc } = useCroft();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  /** Which hit is open, of which words; none at first. */
  const [place, setPlace] = useState<{ of: string; at: number }>();
  const query = useSettled(text.trim(), 150);
  const search = useQuery(
    orpc.chat.searchThreads.queryOptions({ input: { query: query || "-", thread, limit: 1000 }, enabled: query !== "" }),
  );
  const hits = query === "" ? [] : (search.data ?? []);
  const holder = useRef<HTMLFormElement>(null);
  useEffect(() => holder.current?.querySelector("input")?.focus(), []);

  // A search begins where the reader is, at the end: the first hit is the last one said.
  const at = place?.of === query && place.at < hits.length ? place.at : hits.length;
  const open = (index: number) => {
    const hit = hits[(index + hits.length) % hits.length];
    if (!hit?.message) return;
    setPlace({ of: query, at: (index + hits.length) % hits.length });
    void navigate(`/chat/${thread}?at=${hit.message}`, { replace: true });
  };
  const word =
    query === ""
      ? ""
      : hits.length === 0
        ? say("nothingFound")
        : at >= hits.length
          ? say("placesFound", { count: hits.length })
          : say("placeOf", { at: at + 1, count: hits.length });
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the field and the buttons in it
    <form
      ref={holder}
      role="search"
      aria-label={say("findConversation")}
      className="flex h-10 shrink-0 items-center gap-1 border-b border-line bg-bg1 pe-2 ps-4"
      onSubmit={(event) => {
        event.preventDefault();
        open(at - 1);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        else if (event.key === "Enter" && event.shiftKey) open(at + 1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <TextField
        label={say("findConversation")}
        placeholder={say("find")}
        className="max-w-80"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <span role="status" className="tnum min-w-24 px-2 text-fg3">
        {word}
      </span>
      <IconButton icon={ChevronUp} label={say("previousPlace")} keys="Enter" disabled={hits.length === 0} onClick={() => open(at - 1)} />
      <IconButton
        icon={ChevronDown}
        label={say("nextPlace")}
        keys="Shift+Enter"
        disabled={hits.length === 0}
        onClick={() => open(at + 1)}
      />
      <IconButton icon={X} label={say("close")} keys="Esc" className="ms-auto" onClick={onClose} />
    </form>
  );
}
