import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { get } from "./get.ts";

const bytes = Buffer.from([0x93, 0xff, 0x0a]);
const requests: IncomingMessage[] = [];
const server = createServer((request, response) => {
  requests.push(request);
  response.end(bytes);
});

beforeAll(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
afterAll(() => server.close());
beforeEach(() => {
  requests.length = 0;
});

test("asks for the media type that it is told, and prints the bytes as they come", async () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const env = { MODELHUB_PORT: String((server.address() as AddressInfo).port) };
  const code = await get(["--accept", "application/x-npy", "/api/predict_sample"], env);
  const written = write.mock.calls.map(([chunk]) => chunk);
  write.mockRestore();
  expect(code).toBe(0);
  expect(requests.map(({ url, headers }) => [url, headers.accept])).toEqual([
    ["/api/predict_sample", "application/x-npy"],
  ]);
  expect(written).toEqual([bytes]);
});

test("refuses a type without a path", async () => {
  await expect(get(["--accept", "image/png"], {})).rejects.toThrow("expected one path");
});
