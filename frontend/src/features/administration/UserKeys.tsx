import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { KeyTable } from "./KeyTable";
import { NewKey } from "./NewKey";
import { keysOfQuery, rolesQuery, type User } from "./queries";

/** The API keys of an account; of a program new ones are made here, of a person only by that person. */
export function UserKeys({ user, onClose }: { user: User; onClose: () => void }) {
  const may = useMay();
  const query = useInfiniteQuery(keysOfQuery(user.name));
  const roles = useQuery(rolesQuery);
  const [adding, setAdding] = useState(false);
  const program = user.kind === "program";
  const manages = may("keys.manage");
  const held = new Set<string>(user.roles.map(({ role }) => role));
  const permissions = (roles.data?.items ?? [])
    .filter(({ role }) => held.has(role))
    .flatMap((line) => line.permissions);
  if (adding) {
    return (
      <NewKey
        owner={user.name}
        permissions={[...new Set(permissions)].sort()}
        onClose={() => setAdding(false)}
      />
    );
  }
  return (
    <Dialog
      open
      wide
      title={text("admin.keysOf", { name: user.name })}
      onClose={onClose}
      foot={
        program &&
        manages && (
          <Button look="main" icon="plus" onClick={() => setAdding(true)}>
            {text("admin.addKey")}
          </Button>
        )
      }
    >
      <KeyTable
        query={query}
        empty={text("admin.noKeysOf", { name: user.name })}
        hint={text(program ? "admin.noKeysOfProgram" : "admin.noKeysOfPerson")}
        revokes={manages}
      />
    </Dialog>
  );
}
