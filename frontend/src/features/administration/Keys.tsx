import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Checkbox, TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { Section } from "@/ui/Page";
import { TimeText } from "@/ui/values";
import { FormDialog } from "./FormDialog";
import { Listed } from "./Listed";
import { keysQuery, type Permission } from "./queries";

/** One's own API keys; a new one is shown once and never again. */
export function Keys() {
  const client = useQueryClient();
  const query = useInfiniteQuery(keysQuery);
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string>();
  const revoke = useMutation({
    mutationFn: (key: number) => answer(api.DELETE("/api/v1/api-keys/{key}", { params: { path: { key } } })),
    onError: (problem) => notify({ tone: "rejected", title: problem.title, detail: problem.detail }),
    onSettled: () => client.invalidateQueries({ queryKey: ["api-keys"] }),
  });
  return (
    <Section
      title={text("admin.tab.keys")}
      actions={
        <Button icon="plus" onClick={() => setAdding(true)}>
          {text("admin.addKey")}
        </Button>
      }
    >
      <Listed
        query={query}
        heads={[
          text("admin.name"),
          text("admin.prefix"),
          text("admin.permissions"),
          text("admin.expires"),
          text("admin.used"),
          text("admin.do"),
        ]}
        empty={text("admin.noKeys")}
        hint={text("admin.noKeysHint")}
      >
        {(key) => (
          <tr key={key.id}>
            <td>{key.name}</td>
            <td className="raw">{key.prefix}</td>
            <td className="small">{key.permissions.join(", ")}</td>
            <td>
              <TimeText moment={key.expires_at} />
            </td>
            <td>
              <TimeText moment={key.last_used_at} ago />
            </td>
            <td>
              {key.revoked_at === null ? (
                <Button
                  look="danger"
                  aria-label={text("admin.revokeOf", { name: key.name })}
                  onClick={() => revoke.mutate(key.id)}
                >
                  {text("admin.revoke")}
                </Button>
              ) : (
                <Badge>{text("admin.revoked")}</Badge>
              )}
            </td>
          </tr>
        )}
      </Listed>
      {adding && (
        <NewKey
          onClose={() => setAdding(false)}
          onMade={(key) => {
            setAdding(false);
            setMade(key);
          }}
        />
      )}
      {made !== undefined && (
        <Dialog open title={text("admin.keyMade")} onClose={() => setMade(undefined)}>
          <p>{text("admin.keyOnce")}</p>
          <TextField
            label={text("admin.key")}
            readOnly
            value={made}
            className="raw"
            onFocus={(event) => event.target.select()}
          />
        </Dialog>
      )}
    </Section>
  );
}

const DAY = 86_400_000;

function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (key: string) => void }) {
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [until, setUntil] = useState(() => new Date(Date.now() + 90 * DAY).toISOString().slice(0, 10));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const add = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/api-keys", {
          body: { name, permissions: [...chosen] as Permission[], expires_at: `${until}T00:00:00Z` },
        }),
      ),
    onSuccess: ({ key }) => {
      void client.invalidateQueries({ queryKey: ["api-keys"] });
      onMade(key);
    },
  });
  return (
    <FormDialog
      title={text("admin.addKey")}
      send={text("admin.make")}
      busy={add.isPending}
      problem={add.error}
      onSend={() => add.mutate()}
      onClose={onClose}
    >
      <TextField
        label={text("admin.name")}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={text("admin.expires")}
        type="date"
        required
        value={until}
        onChange={(event) => setUntil(event.target.value)}
      />
      <fieldset className="admin__ticks">
        <legend>{text("admin.permissions")}</legend>
        {Object.keys(me.permissions)
          .sort()
          .map((permission) => (
            <Checkbox
              key={permission}
              label={permission}
              checked={chosen.includes(permission)}
              onChange={(event) =>
                setChosen(
                  event.target.checked ? [...chosen, permission] : chosen.filter((one) => one !== permission),
                )
              }
            />
          ))}
      </fieldset>
    </FormDialog>
  );
}
