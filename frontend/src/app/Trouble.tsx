import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import { text } from "@/texts/text";
import { Page } from "@/ui/Page";
import { Button } from "@/ui/Button";
import { Empty, ProblemView } from "@/ui/states";

/** Where there is no page. */
export function Missing() {
  return (
    <Page title={text("shell.missing")} about={text("shell.missingHint")}>
      <p>
        <Link to="/">{text("shell.goHome")}</Link>
      </p>
    </Page>
  );
}

/** Where a page could not be shown: what the server said, or that the fault is ours. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  if (error instanceof Problem) return <ProblemView problem={error} retry={again} />;
  return (
    <Empty title={text("shell.broken")} action={<Button onClick={again}>{text("shell.reload")}</Button>}>
      {text("shell.brokenHint")}
    </Empty>
  );
}
