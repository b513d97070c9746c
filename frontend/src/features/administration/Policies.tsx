import { useQuery } from "@tanstack/react-query";
import { reconsQuery } from "@/features/session/recons";
import { text } from "@/texts/text";
import { SelectField } from "@/ui/Field";
import { Empty, Loaded } from "@/ui/states";
import type { AdministrationSearch, Change } from "./address";
import { DuePolicies } from "./DuePolicies";
import { Limits } from "./Limits";

interface PartProps {
  search: AdministrationSearch;
  go: (change: Change) => void;
}

/** Above which amounts six eyes are needed, and until when breaks are to be decided, by recon. */
export function Policies({ search, go }: PartProps) {
  const recons = useQuery(reconsQuery);
  const recon = search.recon ?? recons.data?.[0]?.name;
  if (recon === undefined)
    return <Loaded query={recons}>{() => <Empty title={text("admin.noRecons")} />}</Loaded>;
  return (
    <>
      <SelectField
        label={text("admin.recon")}
        value={recon}
        onChange={(event) => go({ recon: event.target.value })}
        choices={(recons.data ?? []).map(({ name }) => ({ value: name, label: name }))}
      />
      <Limits key={`limits ${recon}`} recon={recon} />
      <DuePolicies key={`due ${recon}`} recon={recon} />
    </>
  );
}
