import type { ReactNode } from "react";
import { axisName } from "./axis-names.ts";
import { drawPanel, type Panel, panelsOf } from "./curve.ts";
import styles from "./curves.module.css";
import { numberText, type ShownRow } from "./rows.ts";

const WIDTH = 280;
const HEIGHT = 176;
const FRAME = { left: 54, right: 266, top: 10, bottom: 132 };
/** Half of a published diamond's diagonal, and ours' radius within it. */
const DIAMOND = 5.5;
const DOT = 3;

interface CurvesProps {
  readonly id: string;
  readonly rows: readonly ShownRow[];
}

/** The rows that lie on curves, a panel a series. All that they show stands in the table too. */
export function Curves({ id, rows }: CurvesProps) {
  const panels = panelsOf(rows);
  if (panels.length === 0) return null;
  const hasPublished = panels.some(({ points }) =>
    points.some(({ published }) => published !== undefined),
  );
  return (
    <div className={styles["curves"]}>
      <p className={styles["legend"]} aria-hidden="true">
        <span>
          <Key>
            <circle className={styles["ours"]} cx={10} cy={6} r={DOT + 0.5} />
          </Key>
          ours
        </span>
        {hasPublished && (
          <span>
            <Key>
              <path className={styles["published"]} d={diamond(10, 6)} />
            </Key>
            published
          </span>
        )}
        <span>
          <Key>
            <path className={styles["band"]} d="M2 6H18" strokeWidth={6} />
          </Key>
          band
        </span>
      </p>
      <div className={styles["panels"]}>
        {panels.map((panel) => (
          <Curve key={`${panel.unit} ${panel.series}`} id={id} panel={panel} />
        ))}
      </div>
    </div>
  );
}

function Curve({ id, panel }: { readonly id: string; readonly panel: Panel }) {
  const { series, unit, points, y } = panel;
  const drawing = drawPanel(panel, FRAME);
  const along = axisName(id, series);
  const madeCount = points.filter(({ ours }) => ours !== undefined).length;
  const title = unit === "" || series.includes(unit) ? series : `${series}, ${unit}`;
  return (
    <figure className={styles["panel"]}>
      <figcaption className={styles["title"]}>
        {title}
        {y.kind === "log" && <span className={styles["scale"]}> log scale</span>}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${title}: ${points.length} points${along === undefined ? "" : ` by ${along}`}, ${madeCount} made. Their numbers are in the table.`}
      >
        <g className={styles["grid"]}>
          {drawing.yTicks.map(({ at, value }) => (
            <g key={value}>
              <path d={`M${FRAME.left} ${at}H${FRAME.right}`} />
              <text x={FRAME.left - 8} y={at + 3.5} textAnchor="end">
                {numberText(value)}
              </text>
            </g>
          ))}
          {drawing.xTicks.map(({ at, value }) => (
            <text key={value} x={at} y={FRAME.bottom + 20} textAnchor="middle">
              {numberText(value)}
            </text>
          ))}
          {along !== undefined && (
            <text x={FRAME.right + 8} y={FRAME.bottom + 37} textAnchor="end">
              {along}
            </text>
          )}
        </g>
        <path className={styles["band"]} d={drawing.band} strokeWidth={3} />
        <path className={styles["line"]} d={drawing.ours} />
        {drawing.marks.map(({ x, published, ours }) => (
          <g key={x}>
            {published !== undefined && (
              <path className={styles["published"]} d={diamond(x, published)} />
            )}
            {ours !== undefined && <circle className={styles["ours"]} cx={x} cy={ours} r={DOT} />}
          </g>
        ))}
      </svg>
    </figure>
  );
}

function Key({ children }: { readonly children: ReactNode }) {
  return (
    <svg className={styles["key"]} viewBox="0 0 20 12" aria-hidden="true">
      {children}
    </svg>
  );
}

function diamond(x: number, y: number): string {
  const d = DIAMOND;
  return `M${x} ${y - d}l${d} ${d}l${-d} ${d}l${-d} ${-d}Z`;
}
