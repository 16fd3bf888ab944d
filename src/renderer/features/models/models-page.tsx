import type { Model } from "../../../shared/contract/models.ts";
import { useModels } from "../../api/hooks.ts";
import { EmptyState, ErrorNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { formatBytes, formatCount } from "../../components/format.ts";
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
      <div className="min-h-0 flex-1 overflow-auto pb-6">
        {error && (
          <div className="p-4">
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          </div>
        )}
        {!data && !error && <SkeletonRows rows={12} label="Loading models" />}
        {data?.length === 0 && (
          <EmptyState title="No models known">
            The catalogue is empty. Reinstall Croft, or import a model file from the command line.
          </EmptyState>
        )}
        {roles.map(([role, title, purpose]) => {
          const models = data?.filter((model) => model.role === role) ?? [];
          return models.length > 0 && <ModelTable key={role} title={title} purpose={purpose} models={models} />;
        })}
      </div>
    </main>
  );
}
