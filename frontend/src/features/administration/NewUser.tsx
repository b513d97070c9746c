import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { SelectField, TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { FormDialog } from "./FormDialog";
import type { Role } from "./queries";
import { RoleTicks } from "./RoleTicks";

/** A new account; its password is to be changed at the first sign-in. */
export function NewUser({ onClose }: { onClose: () => void }) {
  const may = useMay();
  const client = useQueryClient();
  const [given, setGiven] = useState({
    name: "",
    display: "",
    email: "",
    password: "",
    kind: "person" as "person" | "program",
  });
  const [roles, setRoles] = useState<readonly Role[]>([]);
  const add = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/users", {
          body: {
            name: given.name.trim(),
            kind: given.kind,
            display_name: given.display === "" ? null : given.display,
            email: given.email === "" ? null : given.email,
            password: given.password === "" ? null : given.password,
            roles: roles.map((role) => ({ role, recons: null })),
          },
        }),
      ),
    onSuccess: ({ name }) => {
      notify({ tone: "passed", title: text("admin.userAdded", { name }) });
      void client.invalidateQueries({ queryKey: ["users"] });
      onClose();
    },
  });
  const at = (name: "name" | "display" | "email" | "password") => ({
    value: given[name],
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
  });
  const problem = add.error;
  return (
    <FormDialog
      title={text("admin.addUser")}
      send={text("admin.add")}
      busy={add.isPending}
      problem={problem}
      onSend={() => add.mutate()}
      onClose={onClose}
    >
      <TextField label={text("admin.name")} required autoComplete="off" {...at("name")} />
      <SelectField
        label={text("admin.kind")}
        value={given.kind}
        onChange={(event) =>
          setGiven({ ...given, kind: event.target.value === "program" ? "program" : "person" })
        }
        choices={[
          { value: "person", label: text("admin.person") },
          { value: "program", label: text("admin.program") },
        ]}
      />
      <TextField label={text("admin.displayName")} {...at("display")} />
      <TextField label={text("admin.email")} type="email" {...at("email")} />
      <TextField
        label={text("admin.password")}
        hint={text("admin.passwordHint")}
        type="password"
        autoComplete="new-password"
        {...at("password")}
      />
      {may("roles.manage") && <RoleTicks roles={roles} onRoles={setRoles} />}
    </FormDialog>
  );
}
