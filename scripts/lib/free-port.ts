import { once } from "node:events";
import { createServer } from "node:net";

// Below those that systems give to outgoing connections: one of them would take it meanwhile.
const [lowest, count] = [20_000, 12_000];
let tried = 0;

/** A port of this machine that nobody listens on; processes side by side get different ones. */
export async function freePort(): Promise<number> {
  while (tried < count) {
    const port = lowest + ((process.pid * 61 + tried++) % count);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${lowest} to ${lowest + count - 1} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const isListening = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (!isListening) return false;
  // Who gets the port finds it let go.
  server.close();
  await once(server, "close");
  return true;
}
