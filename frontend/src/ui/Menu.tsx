import { Menu as Base } from "@base-ui/react/menu";
import { Fragment, type ReactElement, type ReactNode } from "react";
import { Icon } from "./Icon";

export interface MenuItem {
  id: string;
  label: ReactNode;
  /** Ticked or not; undefined for items that are no choice. */
  checked?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Begins a new part of the menu. */
  apart?: boolean | undefined;
  /** Leaves the menu open, for choices of which several are made. */
  stays?: boolean | undefined;
  run: () => void;
}

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<Record<string, unknown>>;
  items: readonly MenuItem[];
  align?: "start" | "end";
}

/** A list of things to do or choose, opened by a button. */
export function Menu({ trigger, items, align = "start" }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="menu__place">
          <Base.Popup className="menu">
            {items.map((item) => (
              <Fragment key={item.id}>
                {item.apart === true && <Base.Separator className="menu__line" />}
                <Item item={item} />
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ item }: { item: MenuItem }) {
  const disabled = item.disabled ?? false;
  if (item.checked === undefined) {
    return (
      <Base.Item
        className="menu__item"
        disabled={disabled}
        onClick={item.run}
        closeOnClick={item.stays !== true}
      >
        <span className="menu__tick" />
        <span className="menu__label">{item.label}</span>
      </Base.Item>
    );
  }
  return (
    <Base.CheckboxItem
      className="menu__item"
      disabled={disabled}
      checked={item.checked}
      onCheckedChange={item.run}
      closeOnClick={item.stays !== true}
    >
      <span className="menu__tick">{item.checked && <Icon name="tick" size={12} />}</span>
      <span className="menu__label">{item.label}</span>
    </Base.CheckboxItem>
  );
}
