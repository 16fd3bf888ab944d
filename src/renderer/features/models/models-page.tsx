import { CloudOff } from "lucide-react";
import { Link } from "react-router";
import type { Model } from "../../../shared/contract/models.ts";
import { useModels, useSystemInfo } from "../../api/hooks.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { formatBytes, formatCount } from "../../components/format.ts";
import { ImportModel } from "./import-model.tsx";
import { ModelTable } from "./model-table.tsx";

const roles: [Model["role"], string, string][] = [
  ["chat", "Chat", "Write answers"],
  ["embedding", "Embedding", "Find passages by meaning"],
  ["reranker", "Reranking", "Put the best passages first"],
  ["ocr", "Text recognition", "Read scanned pages"],
];

/** Which models there are, which are here, and getting those that are not. */
export function ModelsPage() {
  const { data, error, refetch } = useModels();
  const offline = useSystemInfo().data?.offline === true;
  const installed = data?.filter(({ state }) => state === "installed") ?? [];
  return (
    <main data-region tabIndex={-1} aria-label="Models" className="flex min-w-0 flex-1 flex-col">
      <PageHeader
        title="Models"
        facts={
          data &&
          `${formatCount(installed.length, "model")} installed · ${formatBytes(installed.reduce((sum, { bytes }) => sum + bytes, 0))}`
        }
      />
      {offline && <OfflineNote />}
      {/* The place of what only a screen reader sees, or it would widen the window. */}
      <div className="relative min-h-0 flex-1 overflow-auto pb-6">
        {error && (
          <div className="p-4">
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          </div>
        )}
        {!data && !error && <SkeletonRows rows={12} label="Loading models" />}
        {data?.length === 0 && (
          <EmptyState title="No models known">The catalogue is empty. Reinstall Croft, or import a model file below.</EmptyState>
        )}
        {roles.map(([role, title, purpose]) => {
          const models = data?.filter((model) => model.role === role) ?? [];
          return models.length > 0 && <ModelTable key={role} title={title} purpose={purpose} models={models} />;
        })}
      </div>
      {data && <ImportModel />}
    </main>
  );
}

/** Why nothing can be fetched, what still works, and where that is decided. */
const OfflineNote = () => (
  <p role="status" className="flex min-h-8 items-center gap-2 border-b border-line bg-bg1 px-4 py-1">
    <CloudOff aria-hidden size={14} strokeWidth={1.5} className="shrink-0 text-fg2" />
    <span>
      Every network connection is forbidden, so nothing can be downloaded. What is installed works as ever, and models can be imported.{" "}
      <Link to="/settings" className="text-accent underline underline-offset-2">
        Change it in Settings
      </Link>
    </span>
  </p>
);
