import { useQuery } from "@tanstack/react-query";
import { text, textOf } from "@/texts/text";
import { Section } from "@/ui/Page";
import { Empty, Loaded } from "@/ui/states";
import { Count } from "@/ui/values";
import { queuesQuery } from "./queries";

/** How much work each engine has before it. */
export function Queues() {
  const query = useQuery(queuesQuery);
  return (
    <Section title={text("admin.queues")}>
      <Loaded query={query}>
        {({ items }) => {
          const engines = [...new Set(items.map(({ engine }) => engine))].sort();
          const states = [...new Set(items.map(({ state }) => state))].sort();
          if (engines.length === 0) return <Empty title={text("admin.noQueues")} />;
          return (
            <table className="grid-table">
              <thead>
                <tr>
                  <th>{text("admin.engine")}</th>
                  {states.map((state) => (
                    <th key={state} className="number">
                      {textOf("job", state)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {engines.map((engine) => (
                  <tr key={engine}>
                    <td>{engine}</td>
                    {states.map((state) => (
                      <td key={state} className="number">
                        <Count
                          value={items.find((one) => one.engine === engine && one.state === state)?.jobs ?? 0}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          );
        }}
      </Loaded>
    </Section>
  );
}
