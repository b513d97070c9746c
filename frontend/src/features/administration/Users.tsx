import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { text, textOf } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { TimeText } from "@/ui/values";
import type { AdministrationSearch, Change } from "./address";
import { Listed } from "./Listed";
import { NewUser } from "./NewUser";
import { type GivenRole, type User, usersQuery } from "./queries";
import { refused } from "./refused";
import { UserMenu } from "./UserMenu";
import { UserRoles } from "./UserRoles";

interface PartProps {
  search: AdministrationSearch;
  go: (change: Change) => void;
}

/** Accounts: who may sign in, and as what. */
export function Users({ search, go }: PartProps) {
  const may = useMay();
  const query = useInfiniteQuery(usersQuery(search.search ?? ""));
  const [adding, setAdding] = useState(false);
  const [roles, setRoles] = useState<User>();
  return (
    <Section
      title={text("admin.tab.users")}
      actions={
        <div className="row">
          <TextField
            label={text("admin.searchUsers")}
            hideLabel
            type="search"
            placeholder={text("admin.searchUsers")}
            value={search.search ?? ""}
            onChange={(event) => go({ search: event.target.value })}
          />
          {may("users.manage") && (
            <Button icon="plus" onClick={() => setAdding(true)}>
              {text("admin.addUser")}
            </Button>
          )}
        </div>
      }
    >
      <Listed
        query={query}
        heads={[
          text("admin.name"),
          text("admin.roles"),
          text("admin.state"),
          text("admin.lastLogin"),
          text("admin.do"),
        ]}
        empty={text("admin.noUsers")}
        hint={text("admin.noUsersHint")}
      >
        {(user) => <Row key={user.name} user={user} onRoles={() => setRoles(user)} />}
      </Listed>
      {adding && <NewUser onClose={() => setAdding(false)} />}
      {roles !== undefined && <UserRoles user={roles} onClose={() => setRoles(undefined)} />}
    </Section>
  );
}

function roleText(given: GivenRole): string {
  const role = textOf("role", given.role);
  return given.recons === null || given.recons === undefined ? role : `${role} (${given.recons.join(", ")})`;
}

function Row({ user, onRoles }: { user: User; onRoles: () => void }) {
  const may = useMay();
  const me = useMe();
  const client = useQueryClient();
  const again = () => void client.invalidateQueries({ queryKey: ["users"] });
  const change = useMutation({
    mutationFn: (wanted: "disable" | "enable" | "unlock") =>
      wanted === "unlock"
        ? answer(api.POST("/api/v1/users/{user}/unlock", { params: { path: { user: user.name } } }))
        : answer(
            api.PATCH("/api/v1/users/{user}", {
              params: { path: { user: user.name } },
              body: { disabled: wanted === "disable", version: user.version },
            }),
          ),
    onError: (problem) => refused(problem, again),
    onSettled: again,
  });
  return (
    <tr>
      <td>
        <strong>{user.name}</strong> <span className="soft">{user.display_name}</span>
      </td>
      <td>{user.roles.map(roleText).join(", ")}</td>
      <td>
        <span className="row">
          {user.kind === "program" && <Badge>{text("admin.program")}</Badge>}
          {user.disabled && <Badge tone="rejected">{text("admin.disabled")}</Badge>}
          {user.locked_until !== null && <Badge tone="review">{text("admin.locked")}</Badge>}
          {user.must_change && <Badge>{text("admin.mustChange")}</Badge>}
        </span>
      </td>
      <td>
        <TimeText moment={user.last_login_at} ago />
      </td>
      <td>
        <span className="admin__do">
          {may("roles.manage") && user.name !== me.name && (
            <Button look="quiet" aria-label={text("admin.rolesOf", { name: user.name })} onClick={onRoles}>
              {text("admin.changeRoles")}
            </Button>
          )}
          {may("users.manage") && user.name !== me.name && (
            <Button
              look="quiet"
              busy={change.isPending}
              aria-label={text(user.disabled ? "admin.enableOf" : "admin.disableOf", { name: user.name })}
              onClick={() => change.mutate(user.disabled ? "enable" : "disable")}
            >
              {text(user.disabled ? "admin.enable" : "admin.disable")}
            </Button>
          )}
          {may("users.manage") && user.locked_until !== null && (
            <Button
              look="quiet"
              aria-label={text("admin.unlockOf", { name: user.name })}
              onClick={() => change.mutate("unlock")}
            >
              {text("admin.unlock")}
            </Button>
          )}
          <UserMenu user={user} />
        </span>
      </td>
    </tr>
  );
}
