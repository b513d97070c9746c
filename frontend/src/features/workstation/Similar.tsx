import { useQuery } from "@tanstack/react-query";
import { text, textOf } from "@/texts/text";
import { StateBadge } from "@/ui/Badge";
import { Empty, Loaded } from "@/ui/states";
import type { Change } from "./address";
import { similarQuery } from "./detail";
import { keyText } from "./types";

/** Breaks like this one, and in what they are alike. */
export function Similar({ recon, id, go }: { recon: string; id: string; go: (change: Change) => void }) {
  const similar = useQuery(similarQuery(recon, id));
  return (
    <Loaded query={similar}>
      {({ alike, items }) =>
        items.length === 0 ? (
          <Empty title={text("similar.none")} />
        ) : (
          <table className="grid-table">
            <caption className="cause__caption">{textOf("alike", alike)}</caption>
            <tbody>
              {items.map((line) => (
                <tr key={line.break_id}>
                  <td>
                    <button type="button" className="linklike" onClick={() => go({ break: line.break_id })}>
                      {keyText(line.key)}
                    </button>
                  </td>
                  <td className="number raw">{line.value_a}</td>
                  <td className="number raw">{line.value_b}</td>
                  <td>
                    <StateBadge state={line.state} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Loaded>
  );
}
