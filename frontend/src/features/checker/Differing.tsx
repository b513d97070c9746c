import { useMemo } from "react";
import { differing } from "@/lib/differing";
import { Nothing } from "@/ui/values";

interface DifferingProps {
  value: string | null;
  other: string | null;
  side: "a" | "b";
}

/** A value whose characters that the other side has otherwise are marked. */
export function Differing({ value, other, side }: DifferingProps) {
  const pieces = useMemo(() => {
    if (value === null || other === null) return undefined;
    const [first, second] = side === "a" ? differing(value, other) : differing(other, value);
    return side === "a" ? first : second;
  }, [value, other, side]);
  if (value === null) return <Nothing />;
  if (pieces === undefined) return <>{value}</>;
  return pieces.map((piece, at) =>
    piece.changed ? (
      <mark key={at} className="check__changed">
        {piece.text}
      </mark>
    ) : (
      <span key={at}>{piece.text}</span>
    ),
  );
}
