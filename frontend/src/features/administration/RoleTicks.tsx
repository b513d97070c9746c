import { useQuery } from "@tanstack/react-query";
import { text, textOf } from "@/texts/text";
import { Checkbox } from "@/ui/Field";
import { Loaded } from "@/ui/states";
import { type Role, rolesQuery } from "./queries";

/** The roles there are, to tick; those that go with no other say so. */
export function RoleTicks({ roles, onRoles }: { roles: readonly Role[]; onRoles: (roles: Role[]) => void }) {
  const query = useQuery(rolesQuery);
  return (
    <fieldset className="admin__ticks">
      <legend>{text("admin.roles")}</legend>
      <Loaded query={query}>
        {({ items }) => (
          <>
            {items.map(({ role, alone }) => (
              <Checkbox
                key={role}
                label={alone ? text("admin.alone", { role: textOf("role", role) }) : textOf("role", role)}
                checked={roles.includes(role)}
                onChange={(event) =>
                  onRoles(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))
                }
              />
            ))}
          </>
        )}
      </Loaded>
    </fieldset>
  );
}
