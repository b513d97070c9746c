import { useState } from "react";
import { text } from "@/texts/text";
import { Button } from "@/ui/Button";
import { Checkbox, SelectField } from "@/ui/Field";
import { type Draft, unpaired } from "./draft";
import type { Inferred } from "./queries";

interface UnpairedProps {
  draft: Draft;
  setDraft: (draft: Draft) => void;
  found: Inferred;
  onPair: (a: string, b: string) => void;
}

/** Columns that are in no pair: paired by choosing, or carried for explanations. */
export function Unpaired({ draft, setDraft, found, onPair }: UnpairedProps) {
  const free = {
    a: unpaired(draft, "a", found.a.columns),
    b: unpaired(draft, "b", found.b.columns),
  };
  const [chosen, setChosen] = useState({ a: "", b: "" });
  const taken = (side: "a" | "b") =>
    free[side].includes(chosen[side]) ? chosen[side] : (free[side][0] ?? "");
  const names = [...new Set([...free.a, ...free.b])];
  const carry = (name: string, on: boolean) =>
    setDraft({
      ...draft,
      context: [...draft.context.filter((one) => one !== name), ...(on ? [name] : [])],
    });
  if (names.length === 0) return <p className="soft small">{text("draft.allPaired")}</p>;
  return (
    <div className="draft__unpaired">
      <fieldset>
        <legend>{text("draft.context")}</legend>
        <div className="row">
          {names.map((name) => (
            <Checkbox
              key={name}
              label={name}
              checked={draft.context.includes(name)}
              onChange={({ target }) => carry(name, target.checked)}
            />
          ))}
        </div>
      </fieldset>
      {free.a.length > 0 && free.b.length > 0 && (
        <div className="draft__pairing">
          {(["a", "b"] as const).map((side) => (
            <SelectField
              key={side}
              label={text(side === "a" ? "draft.pairA" : "draft.pairB")}
              value={taken(side)}
              choices={free[side].map((name) => ({ value: name, label: name }))}
              onChange={({ target }) => setChosen({ ...chosen, [side]: target.value })}
            />
          ))}
          <Button icon="link" onClick={() => onPair(taken("a"), taken("b"))}>
            {text("draft.pair")}
          </Button>
        </div>
      )}
    </div>
  );
}
