import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useMay } from "@/features/session/session";
import type { ActionId } from "@/hotkeys/actions";
import { useHotkeys } from "@/hotkeys/HotkeyProvider";
import { text } from "@/texts/text";
import { Icon } from "@/ui/Icon";
import { type Place, PLACES } from "./nav";

/** The places of the application, each with its drawing and its word. */
export function Rail() {
  const may = useMay();
  const path = useLocation({ select: (location) => location.pathname });
  const places = PLACES.filter((place) => place.needs.some((permission) => may(permission)));
  return (
    <nav className="rail" aria-label={text("shell.nav")}>
      {places.map((place) => (
        <RailLink key={place.to} place={place} lit={place.lit.test(path)} />
      ))}
    </nav>
  );
}

function RailLink({ place, lit }: { place: Place; lit: boolean }) {
  const navigate = useNavigate();
  const handlers: Partial<Record<ActionId, () => void>> = {
    [place.action]: () => void navigate({ to: place.to }),
  };
  useHotkeys(handlers);
  return (
    <Link
      to={place.to}
      activeOptions={{ exact: true }}
      className="rail__link"
      aria-current={lit ? "page" : undefined}
    >
      <Icon name={place.icon} size={18} />
      <span>{text(place.label)}</span>
    </Link>
  );
}
