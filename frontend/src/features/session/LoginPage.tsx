import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import type { SyntheticEvent } from "react";
import { answer, api, keepToken } from "@/api/client";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { useTitle } from "@/ui/Page";
import { ProblemView } from "@/ui/states";
import { meQuery } from "./session";
import "./session.css";

/** Where everybody begins: name and password, or the organisation's own sign-in. */
export function LoginPage() {
  useTitle(text("session.title"));
  const { to } = useSearch({ from: "/login" });
  const client = useQueryClient();
  const router = useRouter();
  const ways = useQuery({
    queryKey: ["login", "ways"],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/login", { signal })),
  });
  const enter = useMutation({
    mutationFn: (body: { name: string; password: string }) => answer(api.POST("/api/v1/login", { body })),
    onSuccess: (me) => {
      // What the last person saw is not this one's.
      client.clear();
      keepToken(me.csrf ?? undefined);
      client.setQueryData(meQuery.queryKey, me);
      // In place of this page: the way back leads to where one was, not to signing in again.
      router.history.replace(me.must_change ? "/password" : (to ?? "/"));
    },
  });
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => {
      const given = form.get(name);
      return typeof given === "string" ? given : "";
    };
    enter.mutate({ name: value("name"), password: value("password") });
  };
  return (
    <main className="gate">
      <form className="gate__card" onSubmit={submit}>
        <header className="gate__brand">
          <img src="/mark.svg" alt="" width="28" height="28" />
          <div>
            <h1>greenai</h1>
            <p className="soft">{text("session.about")}</p>
          </div>
        </header>
        {to !== undefined && enter.error === null && <p className="gate__note">{text("session.expired")}</p>}
        <TextField
          label={text("session.name")}
          name="name"
          autoComplete="username"
          required
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextField
          label={text("session.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {enter.error !== null && <ProblemView problem={enter.error} />}
        <Button look="main" submit busy={enter.isPending}>
          {text("session.enter")}
        </Button>
        {ways.data?.oidc === true && (
          <a className="button button--plain" href="/api/v1/oidc/login">
            {text("session.provider")}
          </a>
        )}
      </form>
    </main>
  );
}
