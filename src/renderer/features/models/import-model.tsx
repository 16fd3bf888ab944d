import { FilePlus } from "lucide-react";
import { useState } from "react";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { useStoppable } from "../../api/use-stoppable.ts";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

/** Brings a model that the person has already: a GGUF file, or a folder with an ONNX model. */
export function ImportModel() {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const [path, setPath] = useState("");
  const [copy, setCopy] = useState(true);
  const bring = useStoppable(async (signal) => {
    const model = await client.models.import({ path: path.trim(), copy }, { signal });
    setPath("");
    await cache.invalidateQueries({ queryKey: orpc.models.key() });
    return model;
  });
  return (
    <div className="border-t border-line bg-bg1 px-4 py-2">
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) bring.start();
        }}
      >
        <FilePlus aria-hidden size={16} strokeWidth={1.5} className="shrink-0 text-fg3" />
        <TextField
          label={say("pathModelImport")}
          placeholder={say("importHint")}
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
        <label className="flex h-7 items-center gap-1.5 whitespace-nowrap text-fg2" title={say("copyNote")}>
          <input type="checkbox" checked={copy} onChange={(event) => setCopy(event.target.checked)} className="accent-accent" />
          {say("copyIntoCroft")}
        </label>
        {/* Two buttons, not one that changes: the click that stops must not send the form. */}
        {bring.running ? (
          <Button key="stop" onClick={bring.stop}>
            {say("stop")}
          </Button>
        ) : (
          <Button key="import" type="submit" look="primary" disabled={!path.trim()}>
            {say("import")}
          </Button>
        )}
      </form>
      <p role="status" className="mt-1 text-12 text-fg2 empty:hidden">
        {bring.running ? say("readingCheckingFileLarge") : bring.result && say("importedTestSeeWhether", { name: bring.result.name })}
      </p>
      {bring.error !== undefined && (
        <div className="mt-2">
          <ErrorNotice error={bring.error} />
        </div>
      )}
    </div>
  );
}
