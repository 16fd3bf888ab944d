import type { ReactNode } from "react";
import type { Model } from "../../../shared/contract/models.ts";
import { useCollections, useTextSetting } from "../../api/hooks.ts";
import { useCroft } from "../../api/use-croft.ts";
import { useStoppable } from "../../api/use-stoppable.ts";
import { Button } from "../../components/button.tsx";
import { formatBytes, formatNumber } from "../../components/format.ts";
import { useWords } from "../../i18n/use-words.ts";
import { CheckResult } from "./check-result.tsx";
import { messages } from "./messages.ts";
import { speedText } from "./model-facts.ts";

/** What a model is on this machine: the sum behind its verdict, what was measured, what uses it, and whether it lies in memory. */
export function ModelDetails({ model }: { model: Model }) {
  const say = useWords(messages);
  const { id, name, state, role, fit, speed, licence, languages, contextTokens, bytes, probed } = model;
  const users = useUsers(model);
  return (
    <div className="px-2 py-2">
      <dl className="grid grid-cols-[8rem_1fr] gap-y-1">
        {fit && (
          <Fact title={say("sum")}>
            <span className="tnum">
              {say("sumText", {
                weights: formatBytes(fit.weights),
                context: formatBytes(fit.context),
                overhead: formatBytes(fit.overhead),
                required: formatBytes(fit.required),
                available: formatBytes(fit.available),
              })}
            </span>
            <span className="text-fg3"> · {say(fit.learned ? "measured" : "estimated")}</span>
          </Fact>
        )}
        <Fact title={say("columnSize")}>{formatBytes(bytes)}</Fact>
        {licence && <Fact title={say("columnLicence")}>{licence}</Fact>}
        <Fact title={say("benchmark")}>{speedText(speed, say) || say(probed === "failed" ? "doesNotLoad" : "noBenchmark")}</Fact>
        <Fact title={say("usedBy")}>{users.length > 0 ? users.join(", ") : say("usedByNone")}</Fact>
        {contextTokens !== undefined && <Fact title={say("context")}>{say("tokens", { count: formatNumber(contextTokens) })}</Fact>}
        {languages && <Fact title={say("languages")}>{languages.join(", ")}</Fact>}
      </dl>
      {state === "installed" && (role === "chat" || role === "embedding") && <Memory id={id} name={name} />}
    </div>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-fg3">{title}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** Into memory and out of it. */
function Memory({ id, name }: { id: string; name: string }) {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const refresh = () => cache.invalidateQueries({ queryKey: orpc.system.key() });
  const load = useStoppable(async (signal) => {
    await client.models.load({ id }, { signal });
    await refresh();
    return { good: true, text: say("loaded") };
  });
  const unload = useStoppable(async (signal) => {
    await client.models.unload({ id }, { signal });
    await refresh();
    return { good: true, text: say("unloaded") };
  });
  const busy = load.running || unload.running;
  return (
    <>
      <div className="mt-2 flex gap-2">
        <Button disabled={busy} aria-label={say("loadName", { name })} onClick={load.start}>
          {say("load")}
        </Button>
        <Button disabled={busy} aria-label={say("unloadName", { name })} onClick={unload.start}>
          {say("unload")}
        </Button>
      </div>
      <CheckResult check={load} runningText={say("loading")} />
      <CheckResult check={unload} runningText={say("unload")} />
    </>
  );
}

/** What would miss the model if it were removed. */
function useUsers({ id }: Pick<Model, "id">): string[] {
  const say = useWords(messages);
  const is = (other: string | undefined) => other !== undefined && other.replace(/^local:/, "") === id.replace(/^local:/, "");
  const chat = is(useTextSetting("models.chat"));
  const embedding = is(useTextSetting("models.embedding"));
  const reranker = is(useTextSetting("models.reranker"));
  const collections = useCollections().data?.filter(({ embedder }) => is(embedder)) ?? [];
  return [
    ...(chat ? [say("usedChat")] : []),
    ...(embedding ? [say("usedEmbedding")] : []),
    ...(reranker ? [say("usedReranker")] : []),
    ...collections.map(({ name }) => say("usedCollection", { name })),
  ];
}
