import { fileURLToPath } from "node:url";
import { test as base } from "../../../../site/e2e/test.ts";
import { models, startServer, type TestServer } from "../../tests/server.ts";

export {
  expect,
  expectCopied,
  expectReported,
  faults,
  view,
  views,
} from "../../../../site/e2e/test.ts";

/** The models of these tests, beside those of the worker's. */
export const own = fileURLToPath(new URL("models/", import.meta.url));

/** A page of a running engine. `model` is the folder of its model. */
export const test = base.extend<object, { model: string; server: TestServer }>({
  model: [`${models}colours`, { option: true, scope: "worker" }],
  server: [
    async ({ model }, use) => {
      const server = await startServer(model);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.url),
});
