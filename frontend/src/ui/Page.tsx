import { type ReactNode, useEffect } from "react";

interface PageProps {
  title: string;
  /** One line below the title: what this is about, or where it belongs. */
  about?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every page but the workstation: title, actions, then sections that scroll together. */
export function Page({ title, about, actions, children }: PageProps) {
  useTitle(title);
  return (
    <div className="page">
      <header className="page__head">
        <div>
          <h1>{title}</h1>
          {about !== undefined && <div className="soft">{about}</div>}
        </div>
        {actions !== undefined && <div className="page__actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with its heading. */
export function Section({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="section" aria-label={title}>
      <header className="section__head">
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** Names the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · greenai`;
  }, [title]);
}
