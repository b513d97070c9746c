import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { reconsQuery } from "@/features/session/recons";
import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { Icon, type IconName } from "@/ui/Icon";
import { PLACES } from "./nav";

interface Target {
  id: string;
  label: string;
  icon: IconName;
  go: () => void;
}

/** Type to go: to a key of the open recon, to a recon, to a page. */
export default function SearchDialog({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const targets = useTargets(typed.trim(), onClose);
  const chosen = Math.min(at, targets.length - 1);
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((chosen + step + targets.length) % Math.max(1, targets.length));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      targets[chosen]?.go();
    }
  };
  return (
    <Dialog open onClose={onClose} title={text("shell.searchTitle")}>
      <TextField
        label={text("shell.search")}
        hideLabel
        placeholder={text("shell.search")}
        value={typed}
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={targets.length > 0 ? `${id}-${chosen}` : undefined}
        autoComplete="off"
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={id} role="listbox" aria-label={text("shell.searchTitle")} className="go__list">
        {targets.map((target, index) => (
          // Keys stay in the text field, which names the chosen option.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={target.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="go__item"
            onClick={target.go}
            onMouseMove={() => setAt(index)}
          >
            <Icon name={target.icon} />
            {target.label}
          </div>
        ))}
      </div>
      {targets.length === 0 && <p className="soft">{text("shell.searchNothing")}</p>}
    </Dialog>
  );
}

function useTargets(typed: string, done: () => void): Target[] {
  const navigate = useNavigate();
  const may = useMay();
  const { recon } = useParams({ strict: false });
  const { data: recons = [] } = useQuery(reconsQuery);
  const go = (run: () => Promise<void>) => () => {
    done();
    void run();
  };
  const fits = (words: string) => words.toLowerCase().includes(typed.toLowerCase());
  const keys: Target[] =
    recon === undefined || typed === ""
      ? []
      : [
          {
            id: "key",
            icon: "search",
            label: text("shell.searchKey", { key: typed }),
            go: go(() =>
              navigate({ to: "/recons/$recon/breaks", params: { recon }, search: { jump: typed } }),
            ),
          },
        ];
  const named: Target[] = recons
    .filter((one) => fits(one.name))
    .slice(0, 8)
    .map((one) => ({
      id: `recon-${one.name}`,
      icon: "recons",
      label: one.name,
      go: go(() => navigate({ to: "/recons/$recon/breaks", params: { recon: one.name } })),
    }));
  const places: Target[] = PLACES.filter(
    (place) => place.needs.some((one) => may(one)) && fits(text(place.label)),
  ).map((place) => ({
    id: place.to,
    icon: place.icon,
    label: text(place.label),
    go: go(() => navigate({ to: place.to })),
  }));
  return [...keys, ...named, ...places];
}
