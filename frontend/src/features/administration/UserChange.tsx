import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { FormDialog } from "./FormDialog";
import type { User } from "./queries";

/** How an account is shown, and where mail to it goes. Its name stays. */
export function UserChange({ user, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const [display, setDisplay] = useState(user.display_name);
  const [email, setEmail] = useState(user.email ?? "");
  const again = () => void client.invalidateQueries({ queryKey: ["users"] });
  const change = useMutation({
    mutationFn: () =>
      answer(
        api.PATCH("/api/v1/users/{user}", {
          params: { path: { user: user.name } },
          body: { display_name: display, email: email.trim(), version: user.version },
        }),
      ),
    onSuccess: () => {
      notify({ tone: "passed", title: text("admin.userChanged", { name: user.name }) });
      again();
      onClose();
    },
  });
  return (
    <FormDialog
      title={text("admin.changeOf", { name: user.name })}
      send={text("kit.save")}
      busy={change.isPending}
      problem={change.error}
      onSend={() => change.mutate()}
      onClose={onClose}
      onAgain={again}
    >
      <TextField
        label={text("admin.displayName")}
        value={display}
        onChange={(event) => setDisplay(event.target.value)}
      />
      <TextField
        label={text("admin.email")}
        hint={text("admin.emailHint")}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
    </FormDialog>
  );
}
