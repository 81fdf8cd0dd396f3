import { mailbox, SALE_MS, SHOWN_MS, serve, WIRE_MS } from "./burst.ts";
import styles from "./burst-figure.module.css";

const LEFT = 20;
const RIGHT = 420;
const CUSTOMERS_Y = 48;
const TILL_Y = 138;
const FLOOR_Y = 262;
const MESSAGE_HEIGHT = 12;
const TICKS_MS = [0, 50, 100, 150];

const xOf = (ms: number) => LEFT + (ms / SHOWN_MS) * (RIGHT - LEFT);

/** The till's lane over its mailbox, drawn from the sales: a line that is disturbed, rings twice and settles. */
export function BurstFigure() {
  const sales = serve();
  const steps = mailbox(sales);
  const waitingMax = Math.max(...steps.map(({ length }) => length));
  const line = steps
    .map(({ atMs, length }) => `H${xOf(atMs).toFixed(1)}V${FLOOR_Y - length * MESSAGE_HEIGHT}`)
    .join("");

  return (
    <figure className={styles["figure"]}>
      <div className={styles["stage"]}>
        <svg
          className={styles["drawing"]}
          viewBox="0 0 440 302"
          role="img"
          aria-label={`Messages between customers and a till. When a crowd comes, up to ${waitingMax} sales wait in the mailbox; it drains, fills once more, drains, and stays empty.`}
        >
          <g className={styles["ticks"]}>
            {TICKS_MS.map((ms) => (
              <g key={ms}>
                <path d={`M${xOf(ms).toFixed(1)} ${CUSTOMERS_Y - 8}V${FLOOR_Y + 6}`} />
                <text x={xOf(ms)} y={FLOOR_Y + 22} textAnchor={ms === 0 ? "start" : "middle"}>
                  {ms === 150 ? "150 ms" : ms}
                </text>
              </g>
            ))}
          </g>
          <path className={styles["lane"]} d={`M${LEFT} ${CUSTOMERS_Y}H${RIGHT}`} />
          <path className={styles["lane"]} d={`M${LEFT} ${TILL_Y}H${RIGHT}`} />
          <text className={styles["name"]} x={LEFT} y={CUSTOMERS_Y - 18}>
            customers
          </text>
          <text className={styles["name"]} x={LEFT} y={TILL_Y + 24}>
            till
          </text>
          <text className={styles["name"]} x={LEFT} y={FLOOR_Y - 12}>
            mailbox
          </text>
          {sales.map((sale) => (
            <g key={sale.askedMs}>
              <path
                className={styles["call"]}
                d={`M${xOf(sale.askedMs)} ${CUSTOMERS_Y}L${xOf(sale.arrivedMs)} ${TILL_Y}`}
              />
              <path
                className={styles["reply"]}
                d={`M${xOf(sale.soldMs)} ${TILL_Y}L${xOf(sale.answeredMs)} ${CUSTOMERS_Y}`}
              />
            </g>
          ))}
          {sales.map((sale) => (
            <g key={sale.askedMs}>
              <rect
                className={styles["work"]}
                x={xOf(sale.begunMs) + 0.75}
                y={TILL_Y - 4}
                width={xOf(sale.soldMs) - xOf(sale.begunMs) - 1.5}
                height={8}
                rx={1}
              />
              <circle className={styles["ask"]} cx={xOf(sale.askedMs)} cy={CUSTOMERS_Y} r={3.2} />
              <rect
                className={styles["answer"]}
                x={xOf(sale.answeredMs) - 2.8}
                y={CUSTOMERS_Y - 2.8}
                width={5.6}
                height={5.6}
              />
            </g>
          ))}
          <path className={styles["mailbox"]} d={`M${LEFT} ${FLOOR_Y}${line}H${RIGHT}`} />
          <text
            className={styles["most"]}
            x={xOf(steps.find(({ length }) => length === waitingMax)?.atMs ?? 0) + 4}
            y={FLOOR_Y - waitingMax * MESSAGE_HEIGHT - 8}
          >
            {waitingMax} wait
          </text>
        </svg>
      </div>
      <figcaption className={styles["caption"]}>
        {sales.length} sales at one till. A sale takes {SALE_MS} ms, the wire {WIRE_MS} ms each way.
        Circles ask, squares answer.
      </figcaption>
    </figure>
  );
}
