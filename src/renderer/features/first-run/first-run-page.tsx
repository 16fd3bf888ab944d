import { useEffect, useState } from "react";
import { useNavigate } from "react-router";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { DocumentsCard } from "./documents-card.tsx";
import { LookCard } from "./look-card.tsx";
import { MachineCard } from "./machine-card.tsx";
import { messages } from "./messages.ts";
import { ModelCard } from "./model-card.tsx";

const steps = ["look", "machine", "model", "documents"] as const;
type Step = (typeof steps)[number];

/** The first start in four cards. Each can be left out, and leaving the page in any way is having seen it. */
export function FirstRunPage() {
  const say = useWords(messages);
  const navigate = useNavigate();
  const [step, setStep] = useState<Step>("look");
  useSeen();
  const next = steps[steps.indexOf(step) + 1];
  const leave = () => void navigate("/chat");
  return (
    <main data-region tabIndex={-1} aria-label={say("title")} className="flex min-w-0 flex-1 flex-col">
      <PageHeader
        title={say("title")}
        actions={
          <Button look="quiet" onClick={leave}>
            {say("skipAll")}
          </Button>
        }
      />
      <div className="relative min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-[52rem] flex-wrap gap-x-8 px-6 py-6">
          <nav aria-label={say("steps")} className="w-44 shrink-0 max-md:w-full">
            <ol className="flex flex-col gap-1 max-md:flex-row max-md:flex-wrap">
              {steps.map((one, index) => (
                <li key={one}>
                  <button
                    type="button"
                    aria-current={one === step ? "step" : undefined}
                    onClick={() => setStep(one)}
                    className={`label flex h-8 w-full items-center gap-2 rounded-input px-2 text-start ${one === step ? "bg-bg3 text-fg" : "text-fg2 hover:bg-bg3 hover:text-fg"}`}
                  >
                    <span className="tnum text-fg3">{index + 1}</span>
                    {say(one)}
                  </button>
                </li>
              ))}
            </ol>
          </nav>
          <section aria-label={say(step)} className="min-w-0 flex-1 basis-96 max-md:pt-4">
            {step === "look" && <LookCard />}
            {step === "machine" && <MachineCard />}
            {step === "model" && <ModelCard />}
            {step === "documents" && <DocumentsCard onModel={() => setStep("model")} />}
            <div className="mt-6 flex gap-2 border-t border-line pt-4">
              {next ? (
                <Button size="normal" look="primary" onClick={() => setStep(next)}>
                  {say("next")}
                </Button>
              ) : (
                <Button size="normal" onClick={leave}>
                  {say("finish")}
                </Button>
              )}
            </div>
          </section>
        </div>
      </div>
    </main>
  );
}

/** Once a profile: told when the page is left, so that a window that was closed too soon shows it again. */
function useSeen(): void {
  const { client, orpc, cache } = useCroft();
  useEffect(
    () => () => {
      void client.settings.set({ key: "welcome.done", value: true }).then(
        () => cache.invalidateQueries({ queryKey: orpc.settings.key() }),
        () => undefined,
      );
    },
    [client, orpc, cache],
  );
}
