import { spawn } from "node:child_process";
import { constants } from "node:os";

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Run a command in our place: our stdio, our signals, and its exit code as ours. */
export function execute(
  command: string,
  args: string[],
  env: Record<string, string | undefined>,
): Promise<number> {
  // Before the child runs, so that no signal ends us and leaves it behind.
  for (const signal of passedOn)
    process.on(signal, () => {
      // A terminal tells the child of ^C by itself; twice would be once too often.
      if (process.stdin.isTTY && (signal === "SIGINT" || signal === "SIGQUIT")) return;
      child.kill(signal);
    });
  const child = spawn(command, args, { stdio: "inherit", env });
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      console.error(missing ? `modelhub: there is no "${command}" in this image` : error.message);
      resolve(missing ? 127 : 126);
    });
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]),
    );
  });
}
