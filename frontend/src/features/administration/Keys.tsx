import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Section } from "@/ui/Page";
import { KeyTable } from "./KeyTable";
import { NewKey } from "./NewKey";
import { keysQuery } from "./queries";

/** One's own API keys; those of programs are with their accounts. */
export function Keys() {
  const me = useMe();
  const query = useInfiniteQuery(keysQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title={text("admin.tab.keys")}
      actions={
        <Button icon="plus" onClick={() => setAdding(true)}>
          {text("admin.addKey")}
        </Button>
      }
    >
      <KeyTable query={query} empty={text("admin.noKeys")} hint={text("admin.noKeysHint")} revokes />
      {adding && <NewKey permissions={Object.keys(me.permissions).sort()} onClose={() => setAdding(false)} />}
    </Section>
  );
}
