import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { text } from "@/texts/text";
import { TimeText } from "@/ui/values";
import { holderText } from "./useAssigning";

/** Who gave a break to whom; nothing where nobody ever did. */
export function Assigned({ recon, id }: { recon: string; id: string }) {
  const { data } = useQuery({
    queryKey: ["breaks", recon, "break", id, "assignments"],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/recons/{recon}/assignments", {
          params: { path: { recon }, query: { break: id, limit: 20 } },
          signal,
        }),
      ),
  });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <ol className="story" aria-label={text("assign.story")}>
      {data.items.map((one) => {
        const who = holderText(one.assignee, one.group);
        return (
          <li key={one.assignment} className="story__one">
            <p className="story__when">
              <TimeText moment={one.at} />
            </p>
            <p>
              <strong>{text("assign.story")}</strong>{" "}
              {who === undefined ? text("assign.storyNobody") : text("assign.storyTo", { who })}{" "}
              <span className="soft">{text("assign.by", { name: one.by })}</span>
            </p>
            {one.comment !== null && <p>{one.comment}</p>}
          </li>
        );
      })}
    </ol>
  );
}
