import { text } from "@/texts/text";
import { Money } from "./values";

interface TotalsTableProps {
  totals: readonly { currency: string | null; a: string; b: string; net: string }[];
  caption?: string;
}

/** Sums of both sides by currency, and what is between them. */
export function TotalsTable({ totals, caption }: TotalsTableProps) {
  return (
    <table className="grid-table">
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          <th>{text("runs.currency")}</th>
          <th className="number">{text("runs.sumA")}</th>
          <th className="number">{text("runs.sumB")}</th>
          <th className="number">{text("runs.net")}</th>
        </tr>
      </thead>
      <tbody>
        {totals.map(({ currency, a, b, net }) => (
          <tr key={currency ?? ""}>
            <td>{currency ?? <span className="soft">{text("runs.noCurrency")}</span>}</td>
            {([a, b, net] as const).map((amount, at) => (
              <td key={at} className="number">
                <Money amount={amount} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
