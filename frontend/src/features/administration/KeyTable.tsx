import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TimeText } from "@/ui/values";
import { FormDialog } from "./FormDialog";
import { Listed, type Paged } from "./Listed";
import type { ApiKey } from "./queries";

interface KeyTableProps {
  query: Paged<ApiKey>;
  empty: string;
  hint: string;
  /** Whether one may take them away. */
  revokes: boolean;
}

/** API keys without their secrets, to be revoked. */
export function KeyTable({ query, empty, hint, revokes }: KeyTableProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<ApiKey>();
  const again = () => void client.invalidateQueries({ queryKey: ["api-keys"] });
  const revoke = useMutation({
    mutationFn: (key: number) => answer(api.DELETE("/api/v1/api-keys/{key}", { params: { path: { key } } })),
    onSuccess: () => setAsking(undefined),
    onSettled: again,
  });
  const close = () => {
    revoke.reset();
    setAsking(undefined);
  };
  return (
    <>
      <Listed
        query={query}
        heads={[
          text("admin.name"),
          text("admin.prefix"),
          text("admin.permissions"),
          text("admin.expires"),
          text("admin.used"),
          text("admin.do"),
        ]}
        empty={empty}
        hint={hint}
      >
        {(key) => (
          <tr key={key.id}>
            <td>{key.name}</td>
            <td className="raw">{key.prefix}</td>
            <td className="small">{key.permissions.join(", ")}</td>
            <td>
              <TimeText moment={key.expires_at} />
            </td>
            <td>
              <TimeText moment={key.last_used_at} ago />
            </td>
            <td>
              {key.revoked_at !== null ? (
                <Badge>{text("admin.revoked")}</Badge>
              ) : (
                revokes && (
                  <Button
                    look="danger"
                    aria-label={text("admin.revokeOf", { name: key.name })}
                    onClick={() => setAsking(key)}
                  >
                    {text("admin.revoke")}
                  </Button>
                )
              )}
            </td>
          </tr>
        )}
      </Listed>
      {asking !== undefined && (
        <FormDialog
          title={text("admin.revokeTitle", { name: asking.name })}
          send={text("admin.revoke")}
          busy={revoke.isPending}
          problem={revoke.error}
          onSend={() => revoke.mutate(asking.id)}
          onClose={close}
        >
          <p>{text("admin.revokeHint")}</p>
        </FormDialog>
      )}
    </>
  );
}
