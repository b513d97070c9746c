import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useEffect, useRef, useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { TextArea } from "@/ui/Field";
import { Loaded, ProblemView } from "@/ui/states";
import { TimeText } from "@/ui/values";
import { commentsQuery } from "./detail";

/** What people say about the break; `@name` tells that person. */
export function Comments({ recon, id }: { recon: string; id: string }) {
  const client = useQueryClient();
  const may = useMay();
  const query = commentsQuery(recon, id);
  const comments = useQuery(query);
  const [body, setBody] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const say = useMutation({
    mutationFn: (words: string) =>
      answer(
        api.POST("/api/v1/recons/{recon}/breaks/{break}/comments", {
          params: { path: { recon, break: id } },
          body: { body: words },
        }),
      ),
    onSuccess: () => {
      setBody("");
      void client.invalidateQueries({ queryKey: query.queryKey });
    },
  });
  // The tab is opened by its key in order to write.
  useEffect(() => form.current?.querySelector("textarea")?.focus(), []);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (body.trim() !== "") say.mutate(body.trim());
  };
  return (
    <div className="talk">
      {may("breaks.comment", recon) && (
        <form ref={form} className="stack" onSubmit={submit}>
          <TextArea
            label={text("comments.new")}
            hint={text("comments.hint")}
            value={body}
            onChange={(event) => setBody(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
              if (event.key === "Escape") event.currentTarget.blur();
            }}
          />
          <div className="row">
            <Button submit busy={say.isPending} disabled={body.trim() === ""}>
              {text("comments.say")}
            </Button>
          </div>
          {say.error !== null && <ProblemView problem={say.error} />}
        </form>
      )}
      <Loaded query={comments}>
        {({ items }) => (
          <ol className="story">
            {items.map((comment) => (
              <li key={comment.comment} className="story__one">
                <p className="story__when">
                  <strong>{comment.author}</strong> · <TimeText moment={comment.at} ago />
                </p>
                <p className="talk__body">{comment.body}</p>
              </li>
            ))}
            {items.length === 0 && <li className="soft">{text("comments.none")}</li>}
          </ol>
        )}
      </Loaded>
    </div>
  );
}
