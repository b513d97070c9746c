import { useId } from "react";
import { text } from "@/texts/text";
import type { ProblemShown } from "./queries";

interface DefinitionTextProps {
  document: string;
  onChange: (document: string) => void;
  problems: readonly ProblemShown[];
}

/** The definition as text, with line numbers and what is wrong where. */
export function DefinitionText({ document, onChange, problems }: DefinitionTextProps) {
  const id = useId();
  const lines = document.split("\n").length;
  return (
    <div className="stack">
      <div className="recons__editor">
        <pre className="recons__gutter raw" aria-hidden="true">
          {Array.from({ length: lines }, (_, line) => line + 1).join("\n")}
        </pre>
        <textarea
          id={id}
          className="recons__yaml raw"
          aria-label={text("edit.text")}
          aria-describedby={`${id}-problems`}
          spellCheck={false}
          wrap="off"
          rows={Math.min(32, Math.max(8, lines + 1))}
          value={document}
          onChange={({ target }) => onChange(target.value)}
        />
      </div>
      <div id={`${id}-problems`}>
        <Problems problems={problems} />
      </div>
    </div>
  );
}

/** What is wrong with a definition, each with its place and what to do. */
export function Problems({ problems }: { problems: readonly ProblemShown[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="recons__problems">
      {problems.map((one, at) => (
        <li key={at}>
          <span className="raw">{one.path}</span>
          {one.line !== null && <span className="soft"> · {text("draft.line", { line: one.line })}</span>}
          {": "}
          {one.message}
          {one.remedy !== null && <span className="soft"> {one.remedy}</span>}
        </li>
      ))}
    </ul>
  );
}
