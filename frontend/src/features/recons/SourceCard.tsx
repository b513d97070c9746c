import { useMutation, useQuery } from "@tanstack/react-query";
import { type DragEvent, useId, useState } from "react";
import { answer, api } from "@/api/client";
import { Problem } from "@/api/problem";
import type { components } from "@/api/schema";
import { classes } from "@/lib/classes";
import { formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { Empty, ProblemView } from "@/ui/states";
import { SelectField, TextField } from "@/ui/Field";
import { useLocale } from "@/ui/locale";
import { Segments } from "@/ui/Segments";
import type { SourceDraft } from "./draft";
import { connectionsQuery } from "./queries";
import { SourceOptions } from "./SourceOptions";

type Upload = components["schemas"]["UploadShown"];

interface SourceCardProps {
  side: "a" | "b";
  source: SourceDraft;
  onChange: (change: Partial<SourceDraft>) => void;
}

/** Where one side comes from: a file that is sent now, or an approved connection. */
export function SourceCard({ side, source, onChange }: SourceCardProps) {
  const [how, setHow] = useState("upload");
  return (
    <fieldset className="draft__source" data-side={side}>
      <legend>
        <span className="recons__side" data-side={side}>
          {side}
        </span>{" "}
        {text("draft.side", { side })}
      </legend>
      <Segments
        label={text("draft.how", { side })}
        value={how}
        choices={[
          { value: "upload", label: text("draft.upload") },
          { value: "connection", label: text("draft.connection") },
        ]}
        onChange={(next) => {
          setHow(next);
          onChange({ location: "" });
        }}
      />
      {how === "upload" ? (
        <UploadPart side={side} source={source} onChange={onChange} />
      ) : (
        <ConnectionPart source={source} onChange={onChange} />
      )}
      <TextField
        label={text("draft.system")}
        hint={text("draft.systemHint")}
        value={source.system}
        onChange={({ target }) => onChange({ system: target.value })}
      />
      <SourceOptions source={source} onChange={onChange} />
    </fieldset>
  );
}

/** Sends a file, as a browser does. */
function send(file: File): Promise<Upload> {
  return answer(
    api.POST("/api/v1/uploads", {
      // The document says `string` for binary content; what is sent is the file.
      body: { file: file as unknown as string },
      bodySerializer: () => {
        const form = new FormData();
        form.append("file", file);
        return form;
      },
    }),
  );
}

function UploadPart({ side, source, onChange }: SourceCardProps) {
  const locale = useLocale();
  const id = useId();
  const [over, setOver] = useState(false);
  const sending = useMutation({
    mutationFn: send,
    onSuccess: (upload) => onChange({ location: upload.files[0]?.location ?? "" }),
  });
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined) sending.mutate(file);
  };
  const drag = (on: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(on);
  };
  const upload = sending.data;
  return (
    <>
      {/* Files may be dropped here; the input inside does the same by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        className={classes("draft__drop", over && "draft__drop--over")}
        role="group"
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          take(event.dataTransfer.files);
        }}
      >
        <label className="field__label" htmlFor={id}>
          {text("draft.file", { side })}
        </label>
        <input
          id={id}
          type="file"
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => take(target.files)}
        />
        <p className="field__hint" id={`${id}-hint`}>
          {text("draft.fileHint")}
        </p>
        <p role="status" className="small">
          {sending.isPending && text("draft.uploading", { name: sending.variables.name })}
          {upload !== undefined && (
            <>
              <strong>{upload.name}</strong> · {text("draft.bytes", { n: formatCount(upload.bytes, locale) })}
            </>
          )}
        </p>
      </div>
      {sending.error instanceof Problem && <ProblemView problem={sending.error} />}
      {upload !== undefined && upload.files.length > 1 && (
        <SelectField
          label={text("draft.member")}
          value={source.location}
          choices={upload.files.map((file) => ({ value: file.location, label: file.name }))}
          onChange={({ target }) => onChange({ location: target.value })}
        />
      )}
    </>
  );
}

function ConnectionPart({ source, onChange }: Omit<SourceCardProps, "side">) {
  const { data: connections } = useQuery(connectionsQuery);
  const [, name = "", path = ""] = /^connection:\/\/([^/]*)\/?(.*)$/.exec(source.location) ?? [];
  const first = connections?.[0]?.name ?? "";
  const set = (nextName: string, nextPath: string) =>
    onChange({ location: nextPath === "" ? "" : `connection://${nextName}/${nextPath}` });
  const [kept, setKept] = useState(name);
  if (connections?.length === 0) return <Empty title={text("draft.noConnections")} />;
  const current = kept === "" ? first : kept;
  return (
    <div className="draft__line">
      <SelectField
        label={text("draft.connection")}
        value={current}
        choices={(connections ?? []).map((one) => ({ value: one.name, label: one.name }))}
        onChange={({ target }) => {
          setKept(target.value);
          set(target.value, path);
        }}
      />
      <TextField
        label={text("draft.path")}
        hint={text("draft.pathHint", { business: "{business_date}" })}
        value={path}
        onChange={({ target }) => set(current, target.value)}
      />
    </div>
  );
}
