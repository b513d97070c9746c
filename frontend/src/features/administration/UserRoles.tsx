import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { FormDialog } from "./FormDialog";
import type { Role, User } from "./queries";
import { RoleTicks } from "./RoleTicks";

/** What an account may: its roles, for all recons or for some. Roles that were given for other recons each keep theirs. */
export function UserRoles({ user, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const [roles, setRoles] = useState<readonly Role[]>(user.roles.map(({ role }) => role));
  const [recons, setRecons] = useState("");
  const change = useMutation({
    mutationFn: () => {
      const named = recons
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "");
      const before = new Map(user.roles.map((given) => [given.role, given.recons ?? null]));
      const given = roles.map((role) => ({
        role,
        recons: before.has(role) ? (before.get(role) ?? null) : named.length > 0 ? named : null,
      }));
      return answer(
        api.PUT("/api/v1/users/{user}/roles", {
          params: { path: { user: user.name } },
          body: { roles: given, version: user.version },
        }),
      );
    },
    onSuccess: () => {
      notify({ tone: "passed", title: text("admin.rolesChanged", { name: user.name }) });
      void client.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={text("admin.rolesOf", { name: user.name })}
      send={text("kit.save")}
      busy={change.isPending}
      problem={change.error}
      onSend={() => change.mutate()}
      onClose={onClose}
      onAgain={() => void client.invalidateQueries({ queryKey: ["users"] })}
    >
      <RoleTicks roles={roles} onRoles={setRoles} />
      <TextField
        label={text("admin.forRecons")}
        hint={text("admin.forReconsHint")}
        value={recons}
        onChange={(event) => setRecons(event.target.value)}
      />
    </FormDialog>
  );
}
