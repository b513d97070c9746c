import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { FormDialog } from "./FormDialog";
import type { User } from "./queries";

/** Another password for somebody who lost theirs; it is to be changed at the next sign-in. */
export function SetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const set = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/api/v1/users/{user}/password", {
          params: { path: { user: user.name } },
          body: { password },
        }),
      ),
    onSuccess: () => {
      notify({ tone: "passed", title: text("admin.passwordSet", { name: user.name }) });
      void client.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={text("admin.passwordOf", { name: user.name })}
      send={text("admin.setPassword")}
      busy={set.isPending}
      problem={set.error}
      onSend={() => set.mutate()}
      onClose={onClose}
    >
      <TextField
        label={text("admin.newPassword")}
        hint={text("admin.setPasswordHint")}
        type="password"
        required
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </FormDialog>
  );
}
