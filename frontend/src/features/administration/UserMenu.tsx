import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { IconButton } from "@/ui/Button";
import { Menu, type MenuItem } from "@/ui/Menu";
import { notify } from "@/ui/notices";
import { Identities } from "./Identities";
import type { User } from "./queries";
import { refused } from "./refused";
import { SetPassword } from "./SetPassword";
import { UserChange } from "./UserChange";
import { UserKeys } from "./UserKeys";

type Open = "change" | "password" | "identities" | "keys";

/** What else can be done about an account: its name, password, keys, identities, sessions. */
export function UserMenu({ user }: { user: User }) {
  const may = useMay();
  const me = useMe();
  const client = useQueryClient();
  const [open, setOpen] = useState<Open>();
  const again = () => void client.invalidateQueries({ queryKey: ["users"] });
  const logout = useMutation({
    mutationFn: () =>
      answer(api.POST("/api/v1/users/{user}/logout", { params: { path: { user: user.name } } })),
    onSuccess: () => notify({ tone: "passed", title: text("admin.sessionsEnded", { name: user.name }) }),
    onError: (problem) => refused(problem, again),
  });
  const manages = may("users.manage");
  const own = user.name === me.name;
  const items: MenuItem[] = [
    manages && { id: "change", label: text("admin.changeUser"), run: () => setOpen("change") },
    manages &&
      !own &&
      user.kind === "person" && {
        id: "password",
        label: text("admin.setPassword"),
        run: () => setOpen("password"),
      },
    user.kind === "person" && {
      id: "identities",
      label: text("admin.identities"),
      run: () => setOpen("identities"),
    },
    { id: "keys", label: text("admin.tab.keys"), run: () => setOpen("keys") },
    manages && {
      id: "logout",
      label: text("admin.endSessions"),
      apart: true,
      run: () => logout.mutate(),
    },
  ].filter((item) => item !== false);
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu
        align="end"
        trigger={<IconButton icon="more" label={text("admin.moreOf", { name: user.name })} />}
        items={items}
      />
      {open === "change" && <UserChange user={user} onClose={close} />}
      {open === "password" && <SetPassword user={user} onClose={close} />}
      {open === "identities" && <Identities user={user} onClose={close} />}
      {open === "keys" && <UserKeys user={user} onClose={close} />}
    </>
  );
}
