import { useState } from "react";
import { formatShare } from "@/lib/numbers";
import { text } from "@/texts/text";
import { useLocale } from "@/ui/locale";
import { COMPARISONS, type Comparison, type Draft, type PairDraft, paired, TYPES } from "./draft";
import { Problems } from "./DefinitionText";
import { accepts, carries } from "./dragging";
import type { Inferred, ProblemShown } from "./queries";
import { Samples } from "./Samples";
import { Unpaired } from "./Unpaired";
import { problemsAt } from "./validation";
import { IconButton } from "@/ui/Button";

interface MappingProps {
  draft: Draft;
  setDraft: (draft: Draft) => void;
  found: Inferred;
  problems: readonly ProblemShown[];
}

/** Which column of a means which of b, how each is read and compared, beside the rows it is seen in. */
export function Mapping({ draft, setDraft, found, problems }: MappingProps) {
  const [said, setSaid] = useState("");
  const pair = (a: string, b: string) => {
    setDraft(paired(draft, a, b));
    setSaid(text("draft.paired", { a, b }));
  };
  const change = (id: string, part: Partial<PairDraft>) =>
    setDraft({ ...draft, pairs: draft.pairs.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  const general = problems.filter(({ path }) => !path.startsWith("fields."));
  return (
    <div className="section__body">
      <p className="soft">{text("draft.mappingHint")}</p>
      <Samples draft={draft} found={found} onPair={pair} />
      {(found.notes.length > 0 || found.key_evidence !== null) && (
        <p className="small soft">{[found.key_evidence ?? "", ...found.notes].filter(Boolean).join(" · ")}</p>
      )}
      <div className="recons__scroll">
        <table className="grid-table draft__map">
          <thead>
            <tr>
              <th>{text("draft.keyField")}</th>
              <th>{text("draft.field")}</th>
              <th>{text("draft.columnA")}</th>
              <th>{text("draft.stepsA")}</th>
              <th>{text("draft.columnB")}</th>
              <th>{text("draft.stepsB")}</th>
              <th>{text("draft.type")}</th>
              <th>{text("draft.compare")}</th>
              <th>
                <span className="visually-hidden">{text("recons.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {draft.pairs.map((one) => (
              <Line
                key={one.id}
                pair={one}
                columns={{ a: found.a.columns, b: found.b.columns }}
                problems={problemsAt(problems, `fields.${one.field}`)}
                onChange={(part) => change(one.id, part)}
                onRemove={() => setDraft({ ...draft, pairs: draft.pairs.filter(({ id }) => id !== one.id) })}
              />
            ))}
          </tbody>
        </table>
      </div>
      {!draft.pairs.some(({ key }) => key) && (
        <p className="field__error" role="alert">
          {text("draft.keyMissing")}
        </p>
      )}
      <Problems problems={general} />
      <Unpaired draft={draft} setDraft={setDraft} found={found} onPair={pair} />
      <p className="visually-hidden" role="status">
        {said}
      </p>
      <datalist id="draft-types">
        {TYPES.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
    </div>
  );
}

interface LineProps {
  pair: PairDraft;
  columns: { a: readonly string[]; b: readonly string[] };
  problems: readonly ProblemShown[];
  onChange: (part: Partial<PairDraft>) => void;
  onRemove: () => void;
}

function Line({ pair, columns, problems, onChange, onRemove }: LineProps) {
  const locale = useLocale();
  const named = (what: string) => text("draft.fieldOf", { what, field: pair.field });
  const typed = (
    name: "field" | "type" | "stepsA" | "stepsB" | "measure",
    what: string,
    more: object = {},
  ) => (
    <input
      className="input"
      type="text"
      aria-label={named(what)}
      aria-invalid={problems.length > 0 || undefined}
      value={pair[name]}
      onChange={({ target }) => onChange({ [name]: target.value })}
      {...more}
    />
  );
  const column = (side: "a" | "b") => (
    <td data-side={side} {...accepts(side, (name) => onChange({ [side]: name }))}>
      <select
        className="input"
        aria-label={named(text(side === "a" ? "draft.columnA" : "draft.columnB"))}
        value={pair[side]}
        onChange={({ target }) => onChange({ [side]: target.value })}
        {...carries(side, pair[side])}
      >
        {columns[side].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </td>
  );
  const measured = !["exact", "ignore_case", "ignore"].includes(pair.compare);
  return (
    <>
      <tr data-key={pair.key || undefined}>
        <td className="draft__tick">
          <input
            type="checkbox"
            aria-label={named(text("draft.keyField"))}
            checked={pair.key}
            onChange={({ target }) => onChange({ key: target.checked })}
          />
        </td>
        <td>{typed("field", text("draft.field"))}</td>
        {column("a")}
        <td>{typed("stepsA", text("draft.stepsA"), { placeholder: "–", title: text("draft.stepsHint") })}</td>
        {column("b")}
        <td>{typed("stepsB", text("draft.stepsB"), { placeholder: "–", title: text("draft.stepsHint") })}</td>
        <td>{typed("type", text("draft.type"), { list: "draft-types" })}</td>
        <td>
          <span className="draft__compare">
            <select
              className="input"
              aria-label={named(text("draft.compare"))}
              value={pair.compare}
              onChange={({ target }) => onChange({ compare: target.value as Comparison })}
            >
              {COMPARISONS.map((one) => (
                <option key={one} value={one}>
                  {text(`compareBy.${one}`)}
                </option>
              ))}
            </select>
            {measured && typed("measure", text("draft.tolerance"), { inputMode: "decimal" })}
          </span>
        </td>
        <td>
          <IconButton icon="close" label={text("draft.remove", { field: pair.field })} onClick={onRemove} />
        </td>
      </tr>
      {(problems.length > 0 || pair.overlap !== null || pair.conflict !== null) && (
        <tr className="draft__why">
          <td />
          <td colSpan={8}>
            <Problems problems={problems} />
            <span className="small soft">
              {[
                pair.overlap === null
                  ? ""
                  : text("draft.pairedByValues", { share: formatShare(pair.overlap, locale) }),
                pair.conflict ?? "",
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </td>
        </tr>
      )}
    </>
  );
}
