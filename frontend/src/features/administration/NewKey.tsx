import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { Dialog } from "@/ui/Dialog";
import { Checkbox, TextField } from "@/ui/Field";
import { FormDialog } from "./FormDialog";
import type { Permission } from "./queries";

const DAY = 86_400_000;

interface NewKeyProps {
  /** The program it is for; else oneself. */
  owner?: string | undefined;
  /** What it may be allowed: no more than its owner may. */
  permissions: readonly string[];
  onClose: () => void;
}

/** A new API key, with what it may and until when; it is shown once and never again. */
export function NewKey({ owner, permissions, onClose }: NewKeyProps) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [until, setUntil] = useState(() => new Date(Date.now() + 90 * DAY).toISOString().slice(0, 10));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const add = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/api-keys", {
          body: {
            name,
            permissions: [...chosen] as Permission[],
            expires_at: `${until}T00:00:00Z`,
            ...(owner === undefined ? {} : { owner }),
          },
        }),
      ),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["api-keys"] }),
  });
  if (add.data !== undefined) return <MadeKey secret={add.data.key} onClose={onClose} />;
  return (
    <FormDialog
      title={owner === undefined ? text("admin.addKey") : text("admin.addKeyOf", { name: owner })}
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
        {permissions.map((permission) => (
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

function MadeKey({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog open title={text("admin.keyMade")} onClose={onClose}>
      <p>{text("admin.keyOnce")}</p>
      <TextField
        label={text("admin.key")}
        readOnly
        value={secret}
        className="raw"
        onFocus={(event) => event.target.select()}
      />
    </Dialog>
  );
}
