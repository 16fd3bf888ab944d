import { CloudOff } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import type { Model } from "../../../shared/contract/models.ts";
import { useModels, useSystemInfo } from "../../api/hooks.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { formatBytes } from "../../components/format.ts";
import { useWords } from "../../i18n/use-words.ts";
import { ImportModel } from "./import-model.tsx";
import { messages } from "./messages.ts";
import { ModelTable } from "./model-table.tsx";

const roles = [
  ["chat", "roleChat", "roleChatText"],
  ["embedding", "roleEmbedding", "roleEmbeddingText"],
  ["reranker", "roleReranker", "roleRerankerText"],
  ["ocr", "roleOcr", "roleOcrText"],
] as const satisfies [Model["role"], string, string][];

/** Which models there are, which are here, and getting those that are not. */
export function ModelsPage() {
  const { data, error, refetch } = useModels();
  const offline = useSystemInfo().data?.offline === true;
  const say = useWords(messages);
  const [params, setParams] = useSearchParams();
  const onlyInstalled = params.get("list") === "installed";
  const listed = onlyInstalled ? data?.filter(({ state }) => state === "installed") : data;
  const installed = data?.filter(({ state }) => state === "installed") ?? [];
  return (
    <main data-region tabIndex={-1} aria-label={say("models")} className="flex min-w-0 flex-1 flex-col">
      <PageHeader
        title={say("models")}
        facts={
          data && say("installedSum", { count: installed.length, bytes: formatBytes(installed.reduce((sum, { bytes }) => sum + bytes, 0)) })
        }
      />
      <div role="group" aria-label={say("lists")} className="flex gap-2 border-b border-line px-4">
        {([false, true] as const).map((one) => (
          <button
            key={String(one)}
            type="button"
            aria-pressed={one === onlyInstalled}
            onClick={() => setParams(one ? { list: "installed" } : {}, { replace: true })}
            className="label h-8 border-b-2 border-transparent px-2 text-fg2 hover:text-fg aria-pressed:border-accent aria-pressed:text-fg"
          >
            {say(one ? "installed" : "discover")}
          </button>
        ))}
      </div>
      {offline && <OfflineNote />}
      {/* The place of what only a screen reader sees, or it would widen the window. */}
      <div className="relative min-h-0 flex-1 overflow-auto pb-6">
        {error && (
          <div className="p-4">
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          </div>
        )}
        {!data && !error && <SkeletonRows rows={12} label={say("loadingModels")} />}
        {onlyInstalled && data && listed?.length === 0 && <EmptyState title={say("noneInstalled")}>{say("noneInstalledText")}</EmptyState>}
        {data?.length === 0 && !onlyInstalled && <EmptyState title={say("noModelsKnown")}>{say("noModelsText")}</EmptyState>}
        {roles.map(([role, title, purpose]) => {
          const models = listed?.filter((model) => model.role === role) ?? [];
          return models.length > 0 && <ModelTable key={role} title={say(title)} purpose={say(purpose)} models={models} />;
        })}
      </div>
      {data && <ImportModel />}
    </main>
  );
}

/** Why nothing can be fetched, what still works, and where that is decided. */
function OfflineNote() {
  const say = useWords(messages);
  return (
    <p role="status" className="flex min-h-8 items-center gap-2 border-b border-line bg-bg1 px-4 py-1">
      <CloudOff aria-hidden size={14} strokeWidth={1.5} className="shrink-0 text-fg2" />
      <span>
        {say("offlineText")}{" "}
        <Link to="/settings" className="text-accent underline underline-offset-2">
          {say("offlineChange")}
        </Link>
      </span>
    </p>
  );
}
