import { useMay } from "@/features/session/session";
import { text } from "@/texts/text";
import { IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { filterOf, type WorkstationSearch } from "./address";
import { asked, order } from "./queries";

const FORMATS = ["csv", "xlsx", "parquet", "json"] as const;

/** The list as a file: all breaks of the filter, in this order. */
export function ExportMenu({ recon, search }: { recon: string; search: WorkstationSearch }) {
  const may = useMay();
  if (!may("exports.read", recon)) return null;
  const download = (format: string) => {
    const query = new URLSearchParams({ format, sort: order(search) });
    for (const [name, value] of Object.entries(asked(filterOf(search)))) {
      for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
    }
    // The browser itself loads and names the file, so that any size streams to disk.
    window.location.assign(`/api/v1/recons/${encodeURIComponent(recon)}/breaks/export?${query.toString()}`);
  };
  return (
    <Menu
      align="end"
      trigger={<IconButton icon="download" label={text("breaks.export")} />}
      items={FORMATS.map((format) => ({
        id: format,
        label: text(`breaks.export.${format}`),
        run: () => download(format),
      }))}
    />
  );
}
