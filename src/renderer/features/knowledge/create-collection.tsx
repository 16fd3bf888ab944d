import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { toProblem } from "../../api/problem.ts";
import { useCroft } from "../../api/use-croft.ts";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { useWords } from "../../i18n/use-words.ts";
import { messages } from "./messages.ts";

/** Makes a collection by its name and opens it. */
export function CreateCollection() {
  const say = useWords(messages);
  const { client, orpc, cache } = useCroft();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => client.knowledge.createCollection({ name }),
    onSuccess: async ({ id }) => {
      setName("");
      await cache.invalidateQueries({ queryKey: orpc.knowledge.listCollections.key() });
      await navigate(`/knowledge/${id}`);
    },
  });
  return (
    <form
      className="w-full max-w-80"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) mutate();
      }}
    >
      <div className="flex gap-1.5">
        <TextField
          label={say("newCollectionName")}
          placeholder={say("newCollection")}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={isPending || !name.trim()}>
          {say("create")}
        </Button>
      </div>
      {error && (
        <p role="alert" className="mt-1 text-12 text-danger">
          {toProblem(error).message}
        </p>
      )}
    </form>
  );
}
