import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { notify } from "@/ui/notices";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { FormDialog } from "./FormDialog";
import { connectionsQuery } from "./queries";

/** Where recons may read from: proposed by one person, approved by another. */
export function Connections() {
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(connectionsQuery);
  const [adding, setAdding] = useState<string>();
  const turn = useMutation({
    mutationFn: ({ name, on }: { name: string; on: boolean }) => {
      const given = { params: { path: { name } } };
      return on
        ? answer(api.DELETE("/api/v1/connections/{name}/suspension", given))
        : answer(api.POST("/api/v1/connections/{name}/suspension", given));
    },
    onError: (problem) => notify({ tone: "rejected", title: problem.title, detail: problem.detail }),
    onSettled: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
  return (
    <Section
      title={text("admin.tab.connections")}
      actions={
        may("connections.propose") && (
          <Button icon="plus" onClick={() => setAdding("")}>
            {text("admin.addConnection")}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={text("admin.noConnections")}>{text("admin.noConnectionsHint")}</Empty>
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.name")}</th>
                  <th>{text("admin.folder")}</th>
                  <th>{text("admin.state")}</th>
                  <th>{text("admin.waits")}</th>
                  <th>{text("admin.do")}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.name}>
                    <td>{one.name}</td>
                    <td className="raw">{one.folder}</td>
                    <td>
                      <StateBadge state={one.state} />
                    </td>
                    <td>
                      {one.proposed_version !== null && (
                        <Link
                          to="/check"
                          search={{ tab: "connections", item: `${one.name}/${one.proposed_version}` }}
                        >
                          {text("admin.check")}
                        </Link>
                      )}
                    </td>
                    <td>
                      <span className="admin__do">
                        {may("connections.propose") && one.kind !== "uploads" && (
                          <Button look="quiet" onClick={() => setAdding(one.name)}>
                            {text("admin.change")}
                          </Button>
                        )}
                        {may("connections.approve") && one.version !== null && (
                          <Button
                            look="quiet"
                            onClick={() => turn.mutate({ name: one.name, on: one.state === "suspended" })}
                          >
                            {text(one.state === "suspended" ? "admin.resume" : "admin.suspend")}
                          </Button>
                        )}
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {adding !== undefined && <Propose of={adding} onClose={() => setAdding(undefined)} />}
    </Section>
  );
}

function Propose({ of, onClose }: { of: string; onClose: () => void }) {
  const client = useQueryClient();
  const [given, setGiven] = useState({ name: of, folder: "", description: "" });
  const propose = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/connections/{name}/versions", {
          params: { path: { name: given.name } },
          body: { kind: "folder", folder: given.folder, description: given.description },
        }),
      ),
    onSuccess: () => {
      notify({ tone: "passed", title: text("admin.connectionProposed") });
      void client.invalidateQueries({ queryKey: ["connections"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={text("admin.addConnection")}
      send={text("admin.propose")}
      busy={propose.isPending}
      problem={propose.error}
      onSend={() => propose.mutate()}
      onClose={onClose}
    >
      <TextField
        label={text("admin.name")}
        required
        readOnly={of !== ""}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
      />
      <TextField
        label={text("admin.folder")}
        hint={text("admin.folderHint")}
        required
        value={given.folder}
        onChange={(event) => setGiven({ ...given, folder: event.target.value })}
      />
      <TextField
        label={text("admin.description")}
        value={given.description}
        onChange={(event) => setGiven({ ...given, description: event.target.value })}
      />
    </FormDialog>
  );
}
