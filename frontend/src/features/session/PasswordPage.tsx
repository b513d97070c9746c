import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type SyntheticEvent, useState } from "react";
import { answer, api, keepToken } from "@/api/client";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { useTitle } from "@/ui/Page";
import { ProblemView } from "@/ui/states";
import { meQuery } from "./session";
import "./session.css";

/** A password of one's own, in place of one that somebody else gave. */
export function PasswordPage() {
  useTitle(text("session.passwordTitle"));
  const client = useQueryClient();
  const router = useRouter();
  const [given, setGiven] = useState({ old: "", fresh: "", again: "" });
  const differ = given.again !== "" && given.fresh !== given.again;
  const change = useMutation({
    mutationFn: (body: { old: string; new: string }) => answer(api.PUT("/api/v1/me/password", { body })),
    onSuccess: (me) => {
      keepToken(me.csrf ?? undefined);
      client.setQueryData(meQuery.queryKey, me);
      notify({ tone: "passed", title: text("session.passwordChanged") });
      router.history.push("/");
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!differ) change.mutate({ old: given.old, new: given.fresh });
  };
  return (
    <main className="gate">
      <form className="gate__card" onSubmit={submit}>
        <div>
          <h1>{text("session.passwordTitle")}</h1>
          <p className="soft">{text("session.passwordAbout")}</p>
        </div>
        <TextField
          label={text("session.passwordOld")}
          type="password"
          autoComplete="current-password"
          required
          value={given.old}
          onChange={(event) => setGiven({ ...given, old: event.target.value })}
        />
        <TextField
          label={text("session.passwordNew")}
          type="password"
          autoComplete="new-password"
          required
          value={given.fresh}
          onChange={(event) => setGiven({ ...given, fresh: event.target.value })}
        />
        <TextField
          label={text("session.passwordAgain")}
          type="password"
          autoComplete="new-password"
          required
          value={given.again}
          error={differ ? text("session.passwordDiffer") : undefined}
          onChange={(event) => setGiven({ ...given, again: event.target.value })}
        />
        {change.error !== null && <ProblemView problem={change.error} />}
        <Button look="main" submit busy={change.isPending}>
          {text("session.passwordSave")}
        </Button>
      </form>
    </main>
  );
}
