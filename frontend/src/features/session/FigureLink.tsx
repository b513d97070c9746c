import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { answer, api } from "@/api/client";
import { type BreakFilter, leading, type Leading } from "./leading";
import { useMay } from "./session";

interface FigureLinkProps {
  recon: string;
  filter: BreakFilter | null;
  /** How the list stands, where another order shows better what the figure is about. */
  order?: Pick<Leading, "sort" | "down">;
  children: ReactNode;
}

/** A figure that leads to its breaks; plain where no list shows them or this person may not read breaks. */
export function FigureLink({ recon, filter, order, children }: FigureLinkProps) {
  const may = useMay();
  const search = leading(filter);
  if (search === undefined || !may("breaks.read", recon)) return <>{children}</>;
  return (
    <Link to="/recons/$recon/breaks" params={{ recon }} search={{ ...search, ...order }}>
      {children}
    </Link>
  );
}

interface RunFigureProps {
  recon: string;
  filter: BreakFilter;
  /** What the run counted. */
  value: number;
  children: ReactNode;
  /** Where the present list holds other breaks than the run counted. */
  other?: ReactNode;
}

/** A figure of a run: it leads to the list of what is present only while that holds as many breaks as the run counted. */
export function RunFigureLink({ recon, filter, value, children, other = children }: RunFigureProps) {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["breaks", recon, "count", filter],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/breaks/count", {
          params: { path: { recon }, query: filter },
          signal,
        }),
      ),
    enabled: may("breaks.read", recon),
    staleTime: 30_000,
  });
  if (data?.count !== value || !data.exact) return <>{other}</>;
  return (
    <FigureLink recon={recon} filter={filter}>
      {children}
    </FigureLink>
  );
}
