import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { answer, api, keepToken } from "@/api/client";
import { reconsQuery, useRecon } from "@/features/session/recons";
import { useMe } from "@/features/session/session";
import { text } from "@/texts/text";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Kbd } from "@/ui/Kbd";
import { Menu } from "@/ui/Menu";
import { DateText } from "@/ui/values";
import { ReconCounts } from "./ReconCounts";

interface TopBarProps {
  onSearch: () => void;
  onHelp: () => void;
  onTheme: () => void;
}

/** What is open, where to go, who is signed in. */
export function TopBar({ onSearch, onHelp, onTheme }: TopBarProps) {
  const { recon: name } = useParams({ strict: false });
  const recon = useRecon(name);
  return (
    <header className="top">
      <Link to="/" className="top__brand">
        <img src="/mark.svg" alt="" width="18" height="18" />
        greenai
      </Link>
      <ReconMenu open={name} />
      {recon?.last_run_date !== undefined && recon.last_run_date !== null && (
        <span className="top__date">
          <DateText date={recon.last_run_date} />
        </span>
      )}
      <button type="button" className="top__search" onClick={onSearch}>
        <Icon name="search" size={14} />
        <span className="top__hint">{text("shell.searchShort")}</span>
        <Kbd action="app.search" />
      </button>
      <div className="top__right">
        {name !== undefined && <ReconCounts recon={name} />}
        <IconButton icon="theme" label={text("shell.theme")} onClick={onTheme} />
        <IconButton icon="help" label={text("shell.help")} onClick={onHelp} />
        <PersonMenu />
      </div>
    </header>
  );
}

function ReconMenu({ open }: { open: string | undefined }) {
  const { data: recons = [] } = useQuery(reconsQuery);
  const navigate = useNavigate();
  return (
    <Menu
      trigger={
        <Button look="quiet" className="top__recon">
          <span className="visually-hidden">{text("shell.recon")} </span>
          {open ?? text("shell.noRecon")}
          <Icon name="chevron" size={12} />
        </Button>
      }
      items={recons.map((recon) => ({
        id: recon.name,
        label: recon.name,
        checked: recon.name === open,
        run: () => void navigate({ to: "/recons/$recon/breaks", params: { recon: recon.name } }),
      }))}
    />
  );
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== "");
  const letters =
    words.length > 1 ? [words[0], words.at(-1)].map((word) => word?.[0] ?? "") : Array.from(name).slice(0, 2);
  return letters.join("").toUpperCase();
}

function PersonMenu() {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/logout")),
    onSettled: async () => {
      keepToken(undefined);
      await navigate({ to: "/login" });
      client.clear();
    },
  });
  return (
    <Menu
      align="end"
      trigger={
        <button type="button" className="top__person">
          <span className="visually-hidden">{text("shell.person", { name: me.display_name })} </span>
          {initials(me.display_name)}
        </button>
      }
      items={[
        {
          id: "who",
          label: `${me.display_name} · ${me.roles.map(({ role }) => role.replaceAll("_", " ")).join(", ")}`,
          disabled: true,
          run: () => undefined,
        },
        {
          id: "preferences",
          label: text("shell.preferences"),
          apart: true,
          run: () => void navigate({ to: "/preferences" }),
        },
        { id: "out", label: text("shell.signOut"), run: () => leave.mutate() },
      ]}
    />
  );
}
