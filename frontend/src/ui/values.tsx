import { formatDecimal, formatShort } from "@/lib/decimals";
import { formatAgo, formatDate, formatTime } from "@/lib/dates";
import { formatConfidence, formatCount } from "@/lib/numbers";
import { text } from "@/texts/text";
import { useLocale } from "./locale";
import { useNow } from "./now";

/** An amount as it is, in the reader's conventions, with its currency. The amount is decimal text. */
export function Money({
  amount,
  currency,
}: {
  amount: string | null | undefined;
  currency?: string | null | undefined;
}) {
  const locale = useLocale();
  if (amount === null || amount === undefined) return <Nothing />;
  return (
    <span className="money">
      {formatDecimal(amount, locale)}
      {currency !== null && currency !== undefined && <span className="money__currency">{currency}</span>}
    </span>
  );
}

/** An amount in short, `12.3 M USD`, with the exact one when pointed at. */
export function ShortMoney({ amount, currency }: { amount: string; currency?: string | null | undefined }) {
  const locale = useLocale();
  const unit = currency ?? "";
  return (
    <span className="money" title={`${formatDecimal(amount, locale)} ${unit}`.trim()}>
      {formatShort(amount, locale)}
      {unit !== "" && <span className="money__currency">{unit}</span>}
    </span>
  );
}

export function Count({ value }: { value: number }) {
  return <>{formatCount(value, useLocale())}</>;
}

/** A date without a time, such as a business date. */
export function DateText({ date }: { date: string | null | undefined }) {
  const locale = useLocale();
  if (date === null || date === undefined) return <Nothing />;
  return (
    <time dateTime={date} className="money">
      {formatDate(date, locale)}
    </time>
  );
}

/** A moment: how long ago with the exact time when pointed at, or the exact time. */
export function TimeText({ moment, ago = false }: { moment: string | null | undefined; ago?: boolean }) {
  const locale = useLocale();
  const now = useNow();
  if (moment === null || moment === undefined) return <Nothing />;
  const exact = formatTime(moment, locale);
  return (
    <time dateTime={moment} title={exact} className="money">
      {ago ? formatAgo(moment, now, locale) : exact}
    </time>
  );
}

/** A confidence and what it is worth; the number is never shown alone outside a table that says so in its head. */
export function Confidence({
  value,
  worth,
}: {
  value: number | null | undefined;
  worth?: string | undefined;
}) {
  if (value === null || value === undefined) return <Nothing />;
  return (
    <span className="confidence">
      {formatConfidence(value)}
      {worth !== undefined && <span className="confidence__worth">{worth}</span>}
    </span>
  );
}

/** The place of a value that is not there. */
export function Nothing() {
  return (
    <span className="faint">
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{text("kit.none")}</span>
    </span>
  );
}
