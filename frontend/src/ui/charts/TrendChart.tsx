import { AxisBottom, AxisLeft } from "@visx/axis";
import { scaleLinear, scalePoint } from "@visx/scale";
import { LinePath } from "@visx/shape";
import { apart } from "./labels";
import { useWidth } from "./useWidth";
import "./charts.css";

export interface Series {
  name: string;
  /** One value for each date; null where there is none. */
  values: readonly (number | null)[];
}

interface TrendProps {
  /** What the chart says, for those who do not see it. */
  label: string;
  dates: readonly string[];
  series: readonly Series[];
  /** The top of the scale; the greatest value unless given. */
  top?: number;
  dateText: (date: string) => string;
  valueText: (value: number) => string;
  /** The values at the axis, which are round; as all others unless given. */
  axisText?: (value: number) => string;
}

const HEIGHT = 168;
const MARGIN = { top: 8, bottom: 26, left: 52, right: 176 };
const GAP = 15;

/** Values over dates as lines, each with its name and last value at its end. The table beside it holds the numbers. */
export function TrendChart({
  label,
  dates,
  series,
  top,
  dateText,
  valueText,
  axisText = valueText,
}: TrendProps) {
  const [frame, width] = useWidth<HTMLDivElement>(480);
  const inner = {
    width: Math.max(80, width - MARGIN.left - MARGIN.right),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const greatest = Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), 0);
  const x = scalePoint({ domain: [...dates], range: [0, inner.width], padding: 0.1 });
  const y = scaleLinear({
    domain: [0, top ?? (greatest === 0 ? 1 : greatest)],
    range: [inner.height, 0],
    nice: top === undefined,
  });
  const step = Math.max(1, Math.ceil(dates.length / Math.max(1, Math.floor(inner.width / 80))));
  const ticks = dates.filter((_, at) => (dates.length - 1 - at) % step === 0);
  const ends = series.flatMap(({ name, values }, at) => {
    const last = values.findLast((value) => value !== null);
    return last === undefined ? [] : [{ name, at, value: last, y: y(last) }];
  });
  return (
    <div ref={frame} className="trend">
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
          <AxisLeft
            scale={y}
            numTicks={4}
            tickFormat={(value) => axisText(Number(value))}
            tickLength={4}
            axisClassName="trend__axis"
          />
          <AxisBottom
            scale={x}
            top={inner.height}
            tickValues={ticks}
            tickFormat={(value) => dateText(value)}
            tickLength={4}
            axisClassName="trend__axis"
          />
          {series.map(({ values }, at) => {
            const points = dates.flatMap((date, index) => {
              const value = values[index];
              return value === null || value === undefined ? [] : [{ date, value }];
            });
            return (
              <g key={at} className="trend__series" data-series={at}>
                <LinePath
                  data={points}
                  x={(point) => x(point.date) ?? 0}
                  y={(point) => y(point.value)}
                  className="trend__line"
                />
                {points.map((point) => (
                  <circle
                    key={point.date}
                    cx={x(point.date)}
                    cy={y(point.value)}
                    r={2.5}
                    className="trend__dot"
                  />
                ))}
              </g>
            );
          })}
          {apart(ends, GAP, inner.height).map((end) => (
            <text
              key={end.at}
              x={inner.width + 8}
              y={end.y}
              dy="0.32em"
              className="trend__label"
              data-series={end.at}
            >
              {`${clipped(end.name)} ${valueText(end.value)}`}
            </text>
          ))}
        </g>
      </svg>
    </div>
  );
}

function clipped(name: string): string {
  return name.length > 18 ? `${name.slice(0, 17)}…` : name;
}
