import { useQuery } from "@tanstack/react-query";
import { text, textOf } from "@/texts/text";
import { Icon } from "@/ui/Icon";
import { Section } from "@/ui/Page";
import { Loaded } from "@/ui/states";
import { rolesQuery } from "./queries";

/** Who may what: the whole matrix, as the server holds it. */
export function Roles() {
  const query = useQuery(rolesQuery);
  return (
    <Section title={text("admin.tab.roles")}>
      <Loaded query={query} lines={10}>
        {({ items }) => {
          const permissions = [...new Set(items.flatMap((line) => line.permissions))].sort();
          return (
            <div className="admin__scroll">
              <table className="grid-table admin__matrix">
                <thead>
                  <tr>
                    <th>{text("admin.permission")}</th>
                    {items.map(({ role }) => (
                      <th key={role} scope="col">
                        {textOf("role", role)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {permissions.map((permission) => (
                    <tr key={permission}>
                      <th scope="row" className="raw">
                        {permission}
                      </th>
                      {items.map((line) => {
                        const may = line.permissions.includes(permission);
                        return (
                          <td key={line.role}>
                            {may && <Icon name="tick" size={14} />}
                            <span className="visually-hidden">{text(may ? "admin.yes" : "admin.no")}</span>
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}
