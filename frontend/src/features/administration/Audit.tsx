import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { useMay } from "@/features/session/session";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { useLocale } from "@/ui/locale";
import { Section } from "@/ui/Page";
import { ProblemView } from "@/ui/states";
import { TimeText } from "@/ui/values";
import type { AdministrationSearch, Change } from "./address";
import { Listed } from "./Listed";
import { type AuditEvent, type EventQuery, eventsQuery } from "./queries";

const FIELDS = ["actor", "action", "recon", "text"] as const;

interface PartProps {
  search: AdministrationSearch;
  go: (change: Change) => void;
}

/** Everything that anybody did, searched; and the proof that nothing of it was changed. */
export function Audit({ search, go }: PartProps) {
  const may = useMay();
  const asked: EventQuery = { limit: 100 };
  for (const field of FIELDS) {
    const value = search[field];
    if (value !== undefined) asked[field] = value;
  }
  if (search.from !== undefined) asked.from = `${search.from}T00:00:00Z`;
  if (search.to !== undefined) asked.to = `${search.to}T00:00:00Z`;
  const query = useInfiniteQuery(eventsQuery(asked));
  return (
    <>
      {may("audit.verify") && <Verification />}
      <Section
        title={text("admin.events")}
        actions={
          <a className="button button--plain" href="/api/v1/audit/export?format=csv" download>
            {text("admin.export")}
          </a>
        }
      >
        <div className="admin__filters">
          {FIELDS.map((field) => (
            <TextField
              key={field}
              label={text(`admin.audit.${field}`)}
              value={search[field] ?? ""}
              onChange={(event) => go({ [field]: event.target.value })}
            />
          ))}
          <TextField
            label={text("admin.audit.from")}
            type="date"
            value={search.from ?? ""}
            onChange={(event) => go({ from: event.target.value })}
          />
          <TextField
            label={text("admin.audit.to")}
            type="date"
            value={search.to ?? ""}
            onChange={(event) => go({ to: event.target.value })}
          />
        </div>
        <Listed
          query={query}
          heads={[
            text("admin.event"),
            text("admin.at"),
            text("admin.who"),
            text("admin.did"),
            text("admin.subject"),
            text("admin.details"),
          ]}
          empty={text("admin.noEvents")}
          hint={text("admin.noEventsHint")}
        >
          {(event) => (
            <Row key={event.event_id} event={event} open={search.event === String(event.event_id)} go={go} />
          )}
        </Listed>
      </Section>
    </>
  );
}

function Row({ event, open, go }: { event: AuditEvent; open: boolean; go: (change: Change) => void }) {
  const parts = {
    details: event.details,
    before: event.before,
    after: event.after,
    evidence: event.evidence,
  };
  return (
    <>
      <tr>
        <td>
          <button
            type="button"
            className="admin__open"
            aria-expanded={open}
            onClick={() => go({ event: open ? undefined : String(event.event_id) })}
          >
            {event.event_id}
          </button>
        </td>
        <td>
          <TimeText moment={event.at} />
        </td>
        <td>{event.actor}</td>
        <td>{event.action}</td>
        <td>{event.subject}</td>
        <td className="admin__short raw">{JSON.stringify(event.details)}</td>
      </tr>
      {open && (
        <tr className="admin__opened">
          <td colSpan={6}>
            {Object.entries(parts).map(
              ([name, part]) =>
                part !== null && (
                  <div key={name}>
                    <strong>{name}</strong>
                    <pre className="raw">{JSON.stringify(part, null, 2)}</pre>
                  </div>
                ),
            )}
            <p className="soft raw">
              {[event.position, event.hash, event.request_id].filter((part) => part !== null).join(" · ")}
            </p>
          </td>
        </tr>
      )}
    </>
  );
}

function Verification() {
  const locale = useLocale();
  const verify = useMutation({ mutationFn: () => answer(api.POST("/api/v1/audit/verification")) });
  const found = verify.data;
  const count = (value: number) => formatCount(value, locale);
  return (
    <Section
      title={text("admin.verification")}
      actions={
        <Button busy={verify.isPending} onClick={() => verify.mutate()}>
          {text("admin.verify")}
        </Button>
      }
    >
      <div className="section__body" role="status">
        {verify.error !== null && <ProblemView problem={verify.error} />}
        {found === undefined && (
          <p className="soft">{text(verify.isPending ? "admin.verifying" : "admin.verifyHint")}</p>
        )}
        {found !== undefined && (
          <>
            <p>
              <Badge tone={found.holds ? "passed" : "rejected"}>
                {text(found.holds ? "admin.holds" : "admin.broken")}
              </Badge>{" "}
              {text("admin.verified", {
                events: count(found.events),
                decisions: count(found.decisions),
                heads: count(found.heads),
              })}
            </p>
            <p className="soft raw">{found.hash}</p>
            {found.findings.map((one) => (
              <p key={one.message}>{one.message}</p>
            ))}
            {found.notes.map((note) => (
              <p key={note} className="soft">
                {note}
              </p>
            ))}
          </>
        )}
      </div>
    </Section>
  );
}
