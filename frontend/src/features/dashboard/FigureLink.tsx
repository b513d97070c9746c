import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useMay } from "@/features/session/session";
import { leading } from "./leading";

interface FigureLinkProps {
  recon: string;
  filter: Record<string, unknown> | null;
  children: ReactNode;
}

/** A figure that leads to its breaks; plain where no list shows them or this person may not read breaks. */
export function FigureLink({ recon, filter, children }: FigureLinkProps) {
  const may = useMay();
  const search = leading(filter);
  if (search === undefined || !may("breaks.read", recon)) return <>{children}</>;
  return (
    <Link to="/recons/$recon/breaks" params={{ recon }} search={search}>
      {children}
    </Link>
  );
}
