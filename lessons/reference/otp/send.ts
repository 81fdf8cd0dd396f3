// Sending never waits. Two processes know each other by their pids, which travel in messages.
// for: send, self
import { log, type Pid, receive, self, send, spawn } from "otp";

async function echo() {
  const { from, text } = await receive<{ from: Pid; text: string }>();
  send(from, `${text}, ${text}`);
}

export async function main() {
  const pid = spawn(echo, []);
  send(pid, { from: self(), text: "hello" });
  log("sent");
  log(await receive<string>());
}

// prints:
// 0 ms  main: sent
// 0 ms  main: hello, hello
