import { Menu as Base } from "@base-ui/react/menu";
import { Fragment } from "react";
import { Icon } from "../Icon";
import type { MenuItem, MenuProps } from "../Menu";

/** A list of things to do or choose, opened by a button. */
export default function MenuPanel({ trigger, items, align = "start" }: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen>
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
