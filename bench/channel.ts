/** The anchor where there is no BEAM: what a browser offers without us, a MessageChannel on one thread. */
import { median } from "./figure.ts";

const REPEATS = 5;
const HOPS = 20_000;

/** Messages per second, one hop at a time. */
export async function channelHopsPerSecond(): Promise<number> {
  const speeds: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const { port1, port2 } = new MessageChannel();
    const startMs = performance.now();
    await new Promise<void>((resolve) => {
      let left = HOPS / 2;
      port2.onmessage = ({ data }) => port2.postMessage(data);
      port1.onmessage = () => (--left > 0 ? port1.postMessage(left) : resolve());
      port1.postMessage(left);
    });
    speeds.push(HOPS / ((performance.now() - startMs) / 1000));
    port1.close();
    port2.close();
  }
  return median(speeds);
}
