// Two processes on two nodes, and one ball. Nothing is shared: all that one
// knows of the other is what a message says.
import { log, type Pid, receive, self, send, sleep } from "otp";

interface Ball {
  readonly from: Pid;
  readonly hits: number;
}

/** Serves, and plays on until the ball has been hit ten times. */
export async function ping() {
  send({ name: "pong", node: "right" }, { from: self(), hits: 1 });
  for (;;) {
    const ball = await receive<Ball>();
    log(`hit ${ball.hits} came back`);
    if (ball.hits >= 10) return;
    await sleep(100);
    send(ball.from, { from: self(), hits: ball.hits + 1 });
  }
}

/**
 * Returns every ball to whoever sent it. Try: let it drop the fifth one,
 * and watch `ping` wait.
 */
export async function pong() {
  for (;;) {
    const ball = await receive<Ball>();
    await sleep(100);
    send(ball.from, { from: self(), hits: ball.hits + 1 });
  }
}
