import { Icon } from "../Icon";
import { Count } from "../values";
import { placed } from "./placed";
import type { Group } from "./types";

interface GroupRowProps {
  group: Group;
  open: boolean;
  start: number;
  index: number;
  onToggle: () => void;
}

/** The heading of a group of rows; a click opens it, and closes the one that was open. */
export function GroupRow({ group, open, start, index, onToggle }: GroupRowProps) {
  return (
    <div role="row" aria-rowindex={index + 2} className="table__row table__row--group" style={placed(start)}>
      <div role="gridcell" className="table__cell table__cell--group">
        <button type="button" className="table__group" aria-expanded={open} onClick={onToggle}>
          <Icon name={open ? "chevron" : "forward"} />
          <span className="table__word">{group.label}</span>
          <span className="table__count">
            <Count value={group.count} />
          </span>
          {group.note !== undefined && group.note !== "" && <span className="table__note">{group.note}</span>}
        </button>
      </div>
    </div>
  );
}

/** A heading between rows. */
export function HeadingRow({ words, start, index }: { words: string; start: number; index: number }) {
  return (
    <div role="row" aria-rowindex={index + 2} className="table__row table__row--group" style={placed(start)}>
      <div role="gridcell" className="table__cell table__heading">
        {words}
      </div>
    </div>
  );
}
