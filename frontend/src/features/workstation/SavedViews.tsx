import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { answer, api } from "@/api/client";
import type { components } from "@/api/schema";
import { useLayout } from "@/features/session/preferences";
import { useMay, useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Checkbox, TextField } from "@/ui/Field";
import { ProblemView } from "@/ui/states";
import { filterOf, type Change, type WorkstationSearch, workstationSearch } from "./address";
import { COLUMNS } from "./columns";
import { viewsQuery } from "./facets";
import { asked, order } from "./queries";
import { only } from "./SidePane";
import { columnsOf, layoutOf } from "./viewed";

type View = components["schemas"]["View"];

interface SavedViewsProps {
  recon: string;
  search: WorkstationSearch;
  go: (change: Change) => void;
}

/** Filters that people keep under a name, for themselves or for all. */
export function SavedViews({ recon, search, go }: SavedViewsProps) {
  const me = useMe();
  const views = useQuery(viewsQuery(recon));
  const [saving, setSaving] = useState(false);
  const [layout, onLayout] = useLayout("breaks");
  const open = (view: View) => {
    go(opened(view));
    const arranged = layoutOf(COLUMNS, named(view), layout);
    if (arranged !== undefined) onLayout(arranged);
  };
  return (
    <>
      <div className="side__head side__head--with">
        <h2>{text("side.views")}</h2>
        <IconButton icon="plus" label={text("view.save")} onClick={() => setSaving(true)} />
      </div>
      <ul className="side__list">
        {(views.data?.items ?? []).map((view) => (
          <li key={view.view} className="side__with">
            <button type="button" className="side__item" onClick={() => open(view)}>
              <span className="side__name">
                {view.name}
                {view.owner !== me.name && (
                  <span className="side__place">{text("view.by", { name: view.owner })}</span>
                )}
              </span>
            </button>
            {view.owner === me.name && <Remove recon={recon} view={view} />}
          </li>
        ))}
      </ul>
      {views.data?.items.length === 0 && <p className="side__hint">{text("view.none")}</p>}
      {saving && <SaveDialog recon={recon} search={search} onClose={() => setSaving(false)} />}
    </>
  );
}

/** The columns that a view was kept with; none where it keeps only a filter. */
function named(view: View): string[] {
  const { columns = [] } = view.document as { columns?: string[] };
  return columns;
}

/** The address that a view stands for. */
function opened(view: View): Change {
  const { filter = {}, sort = "first_date" } = view.document as {
    filter?: Record<string, unknown>;
    sort?: string;
  };
  const plain = Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  );
  const found = workstationSearch({
    ...plain,
    sort: sort.replace("-", ""),
    ...(sort.startsWith("-") ? { down: "true" } : {}),
  });
  return { ...only(filterOf(found)), sort: found.sort, down: found.down };
}

function SaveDialog({
  recon,
  search,
  onClose,
}: {
  recon: string;
  search: WorkstationSearch;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const may = useMay();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [layout] = useLayout("breaks");
  const [arranged, setArranged] = useState(true);
  const save = useMutation({
    mutationFn: () => {
      const columns = arranged ? columnsOf(COLUMNS, layout) : [];
      const document = { filter: asked(filterOf(search)), columns, sort: order(search) };
      return answer(api.POST("/api/v1/views", { body: { recon, name: name.trim(), shared, document } }));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["views", recon] });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() !== "") save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={text("view.save")}
      foot={
        <Button look="main" submit form="save-view" busy={save.isPending} disabled={name.trim() === ""}>
          {text("kit.save")}
        </Button>
      }
    >
      <form id="save-view" className="stack" onSubmit={submit}>
        <TextField
          label={text("view.name")}
          value={name}
          error={save.error?.field === "name" ? save.error.detail : undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <Checkbox label={text("view.columns")} checked={arranged} onChange={() => setArranged(!arranged)} />
        {may("views.share", recon) && (
          <Checkbox label={text("view.shared")} checked={shared} onChange={() => setShared(!shared)} />
        )}
        {save.error !== null && save.error.field !== "name" && <ProblemView problem={save.error} />}
      </form>
    </Dialog>
  );
}

function Remove({ recon, view }: { recon: string; view: View }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE("/api/v1/views/{view}", { params: { path: { view: view.view } } })),
    onSettled: () => void client.invalidateQueries({ queryKey: ["views", recon] }),
  });
  return (
    <IconButton
      icon="close"
      label={text("view.remove", { name: view.name })}
      onClick={() => remove.mutate()}
    />
  );
}
