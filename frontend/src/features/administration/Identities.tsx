import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { answer, api } from "@/api/client";
import { useMay, useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { Loaded, ProblemView } from "@/ui/states";
import { identitiesQuery, type User } from "./queries";

interface Identity {
  issuer: string;
  subject: string;
}

/** As whom OpenID providers know a person: linked by issuer and subject, never by e-mail. */
export function Identities({ user, onClose }: { user: User; onClose: () => void }) {
  const may = useMay();
  const me = useMe();
  const client = useQueryClient();
  const query = useQuery(identitiesQuery(user.name));
  const [given, setGiven] = useState<Identity>({ issuer: "", subject: "" });
  const path = { user: user.name };
  const again = () => void client.invalidateQueries({ queryKey: ["users", "identities", user.name] });
  const link = useMutation({
    mutationFn: (body: Identity) =>
      answer(api.POST("/api/v1/users/{user}/identities", { params: { path }, body })),
    onSuccess: () => {
      setGiven({ issuer: given.issuer, subject: "" });
      again();
    },
  });
  const unlink = useMutation({
    mutationFn: (identity: Identity) =>
      answer(api.DELETE("/api/v1/users/{user}/identities", { params: { path, query: identity } })),
    onSettled: again,
  });
  const manages = may("users.manage");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    link.mutate({ issuer: given.issuer.trim(), subject: given.subject.trim() });
  };
  const problem = link.error ?? unlink.error;
  return (
    <Dialog open wide title={text("admin.identitiesOf", { name: user.name })} onClose={onClose}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{text("admin.noIdentities")}</p>
          ) : (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.issuer")}</th>
                  <th>{text("admin.subjectOf")}</th>
                  <th>{text("admin.do")}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={`${one.issuer} ${one.subject}`}>
                    <td className="raw">{one.issuer}</td>
                    <td className="raw">{one.subject}</td>
                    <td>
                      {manages && (
                        <Button
                          look="danger"
                          aria-label={text("admin.unlinkOf", { name: one.subject })}
                          onClick={() => unlink.mutate(one)}
                        >
                          {text("admin.unlink")}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {manages && user.name !== me.name && (
        <form className="admin__line admin__line--even" onSubmit={submit}>
          <TextField
            label={text("admin.issuer")}
            type="url"
            required
            value={given.issuer}
            onChange={(event) => setGiven({ ...given, issuer: event.target.value })}
          />
          <TextField
            label={text("admin.subjectOf")}
            required
            value={given.subject}
            onChange={(event) => setGiven({ ...given, subject: event.target.value })}
          />
          <Button submit busy={link.isPending}>
            {text("admin.link")}
          </Button>
        </form>
      )}
      <p className="faint small">{text("admin.identitiesHint")}</p>
      {problem !== null && <ProblemView problem={problem} />}
    </Dialog>
  );
}
