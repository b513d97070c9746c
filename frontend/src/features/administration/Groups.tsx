import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TextArea, TextField } from "@/ui/Field";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { FormDialog } from "./FormDialog";
import { type Group, groupsQuery } from "./queries";
import { refused } from "./refused";

/** Groups of people who share work: breaks are given to them, and they are told of what is overdue. */
export function Groups() {
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(groupsQuery);
  const [open, setOpen] = useState<Group | "new">();
  const again = () => void client.invalidateQueries({ queryKey: ["groups"] });
  const retire = useMutation({
    mutationFn: (group: Group) =>
      answer(
        api.PATCH("/api/v1/groups/{group}", {
          params: { path: { group: group.name } },
          body: { version: group.version, retired: !group.retired },
        }),
      ),
    onSuccess: again,
    onError: (problem) => refused(problem, again),
  });
  return (
    <Section
      title={text("admin.tab.groups")}
      actions={
        may("policies.manage") && (
          <Button icon="plus" onClick={() => setOpen("new")}>
            {text("admin.addGroup")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={text("admin.noGroups")}>{text("admin.noGroupsHint")}</Empty>
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.name")}</th>
                  <th>{text("admin.description")}</th>
                  <th>{text("admin.members")}</th>
                  <th>{text("admin.do")}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((group) => (
                  <tr key={group.name}>
                    <td>
                      {group.name} {group.retired && <Badge>{text("admin.retired")}</Badge>}
                    </td>
                    <td>{group.description}</td>
                    <td>{group.members.join(", ")}</td>
                    <td>
                      <span className="admin__do">
                        <Button
                          look="quiet"
                          aria-label={text("admin.changeOf", { name: group.name })}
                          onClick={() => setOpen(group)}
                        >
                          {text("admin.change")}
                        </Button>
                        <Button
                          look="quiet"
                          aria-label={text(group.retired ? "admin.reviveOf" : "admin.retireOf", {
                            name: group.name,
                          })}
                          onClick={() => retire.mutate(group)}
                        >
                          {text(group.retired ? "admin.revive" : "admin.retire")}
                        </Button>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {open !== undefined && (
        <GroupDialog
          of={open === "new" ? undefined : open}
          onAgain={again}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  );
}

interface GroupDialogProps {
  of: Group | undefined;
  onAgain: () => void;
  onClose: () => void;
}

function GroupDialog({ of, onAgain, onClose }: GroupDialogProps) {
  const [name, setName] = useState(of?.name ?? "");
  const [description, setDescription] = useState(of?.description ?? "");
  const [members, setMembers] = useState((of?.members ?? []).join(", "));
  const save = useMutation({
    mutationFn: () => {
      const named = members
        .split(/[\s,]+/u)
        .map((one) => one.trim())
        .filter((one) => one !== "");
      return of === undefined
        ? answer(api.POST("/api/v1/groups", { body: { name: name.trim(), description, members: named } }))
        : answer(
            api.PATCH("/api/v1/groups/{group}", {
              params: { path: { group: of.name } },
              body: { version: of.version, description, members: named },
            }),
          );
    },
    onSuccess: () => {
      onAgain();
      onClose();
    },
  });
  return (
    <FormDialog
      title={of === undefined ? text("admin.addGroup") : text("admin.changeOf", { name: of.name })}
      send={text(of === undefined ? "admin.add" : "kit.save")}
      busy={save.isPending}
      problem={save.error}
      onSend={() => save.mutate()}
      onClose={onClose}
      onAgain={of === undefined ? undefined : onAgain}
    >
      {of === undefined && (
        <TextField
          label={text("admin.name")}
          hint={text("admin.groupNameHint")}
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <TextField
        label={text("admin.description")}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <TextArea
        label={text("admin.members")}
        hint={text("admin.membersHint")}
        value={members}
        onChange={(event) => setMembers(event.target.value)}
      />
    </FormDialog>
  );
}
