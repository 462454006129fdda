import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startJob } from "./tests/job.ts";
import { models, npy, pythonLack, startServer, type TestServer } from "./tests/server.ts";

/** The real front with the real worker, over real sockets. */

const array = { "content-type": "application/x-npy" };
const brick = readFileSync(join(models, "colours/samples/brick.png"));

/** Steps of the model "slow". */
const minute = 6000;

type Body = NonNullable<RequestInit["body"]>;

function post(server: TestServer, body: Body, headers: Record<string, string> = {}) {
  return server.fetch("/api/predict", { method: "POST", body, headers });
}

/** The reply's JSON, which the test itself says the shape of. */
// biome-ignore lint/suspicious/noExplicitAny: the expectations are the types here
function body(response: Response | undefined): Promise<any> {
  if (!response) throw new Error("no reply");
  return response.json();
}

/** What lies in the server's private folder, but for the outputs that it keeps for a while. */
function left(server: TestServer): string[] {
  const [folder = ""] = readdirSync(server.temporary);
  return readdirSync(join(server.temporary, folder)).filter((name) => name !== "outputs");
}

function form(fields: Record<string, Blob>): FormData {
  const data = new FormData();
  for (const [name, blob] of Object.entries(fields)) data.append(name, blob, "a-name");
  return data;
}

async function seconds<T>(work: Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work, (performance.now() - started) / 1000];
}

describe.skipIf(pythonLack)("an image model", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "colours"), { MODELHUB_MAX_BODY: "100000" });
  });
  afterAll(() => server.stop());

  it("says in one line that it is ready and where", async () => {
    await expect
      .poll(() => server.output())
      .toMatch(/^colours is ready at http:\/\/127\.0\.0\.1:\d+ \(loaded in \d+\.\d s\)$/m);
  });

  it("predicts a multipart upload under any field name", async () => {
    const response = await post(server, form({ file: new Blob([brick], { type: "image/png" }) }));
    expect(response.status).toBe(200);
    const reply = await body(response);
    expect(reply).toMatchObject({
      output: [{ name: "colours", type: "label_list", shape: [3] }],
      model: { id: "colours", name: "Colours", version: null, engine: "0.1.0" },
    });
    expect(reply.output[0].prediction[0].label).toBe("red");
    expect(reply.request_id).toBe(response.headers.get("x-request-id"));
    expect(reply.processing_time).toBeGreaterThan(0);
    expect(reply.processing_time).toBeLessThan(60);
    expect(new Date(reply.timestamp).getTime()).toBeLessThanOrEqual(Date.now());
    expect(response.headers.get("server-timing")).toMatch(
      /^wait;dur=[\d.]+, load;dur=[\d.]+, .*total;dur=[\d.]+$/,
    );
  });

  it("hangs up soon after its answer on who goes on sending", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write("POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000000\r\n\r\n");
    const sending = setInterval(() => socket.write("more"), 20);
    socket.on("error", () => {});
    const [answer] = await once(socket, "data");
    await once(socket, "close");
    clearInterval(sending);
    expect(String(answer)).toContain("404 Not Found");
  });

  it("gives the same for raw bytes, declared or found out, and for the sample", async () => {
    const replies = await Promise.all([
      post(server, brick, { "content-type": "image/png" }),
      post(server, brick, { "content-type": "application/octet-stream" }),
      server.fetch("/api/predict_sample?filename=brick"),
      server.fetch("/api/predict_sample?filename=brick.png"),
      server.fetch("/api/predict_sample?filename=samples/brick.png"),
    ]);
    const outputs = await Promise.all(replies.map(async (reply) => (await body(reply)).output));
    for (const output of outputs) expect(output).toEqual(outputs[0]);
  });

  it("gives a sample's file as it is", async () => {
    const { samples } = await body(await server.fetch("/api/samples"));
    expect(samples[0]).toEqual({
      id: "brick",
      title: "A brick",
      inputs: { image: "/api/samples/brick.png" },
    });
    const response = await server.fetch(samples[0].inputs.image);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(Buffer.from(await response.arrayBuffer()).equals(brick)).toBe(true);
  });

  it("refuses a type that the model doesn't take", async () => {
    const response = await post(server, "hello", { "content-type": "text/plain" });
    expect(response.status).toBe(415);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect((await body(response)).detail).toMatchInlineSnapshot(
      `"Input "image" takes image/png or image/jpeg, but the request says text/plain. Send such a file with its Content-Type, or as application/octet-stream to have its type found out."`,
    );
  });

  it("refuses what is no image, whatever it is called", async () => {
    const response = await post(server, "hello", { "content-type": "image/png" });
    expect([415, 422]).toContain(response.status);
    const problem = await body(response);
    expect(problem.error).toBe(problem.detail);
  });

  it("refuses an image that is cut off", async () => {
    const response = await post(server, brick.subarray(0, brick.length / 2), {
      "content-type": "image/png",
    });
    expect(response.status).toBe(422);
  });

  it("refuses an empty body", async () => {
    const response = await post(server, "", { "content-type": "image/png" });
    expect(response.status).toBe(400);
    expect((await body(response)).detail).toContain("no body");
  });

  it("refuses a multipart body that is cut off", async () => {
    const sent = `--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc`;
    const response = await post(server, sent, {
      "content-type": "multipart/form-data; boundary=x",
    });
    expect(response.status).toBe(400);
    expect((await body(response)).detail).toMatch(/can't be read as multipart/);
  });

  it("tells everything that is wrong with a form at once", async () => {
    const data = form({ image: new Blob([brick]), second: new Blob([]) });
    data.append("note", "text");
    const response = await post(server, data);
    expect(response.status).toBe(400);
    expect((await body(response)).errors).toHaveLength(2);
  });

  it("refuses a body that announces more than is allowed, before it is sent", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-type": "image/png", "content-length": 10 ** 9 };
      const sent = request(`${server.url}/api/predict`, { method: "POST", headers }, (reply) =>
        resolve(reply.statusCode),
      );
      sent.on("error", reject);
      sent.write("x");
    });
    expect(status).toBe(413);
  });

  it.each(["image/png", "multipart/form-data; boundary=x"])(
    "counts a body without announced size while it streams (%s)",
    async (type) => {
      let sent = 0;
      const stream = new ReadableStream({
        pull(controller) {
          const head = sent === 0 && type.startsWith("multipart");
          const text = `--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n`;
          sent += 1;
          controller.enqueue(head ? Buffer.from(text) : Buffer.alloc(10_000));
          if (sent > 1000) controller.close();
        },
      });
      const response = await post(server, stream, { "content-type": type }).catch(() => undefined);
      // The server closes the connection; whether the reply is read before depends on the client.
      if (response) expect(response.status).toBe(413);
      expect((await server.fetch("/health/ready")).status).toBe(200);
    },
  );

  it.each([
    "/api/predict_sample?filename=../modelhub.json",
    "/api/predict_sample?filename=/etc/passwd",
    "/api/predict_sample",
    "/api/samples/..%2fmodelhub.json",
    "/api/samples/%2e%2e/modelhub.json",
    "/api/samples/brick.expected.json",
    "/api/samples//etc/passwd",
  ])("finds nothing at %s", async (path) => {
    const response = await server.fetch(path);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it("leaves no files behind", async () => {
    expect(left(server)).toEqual([]);
  });
});

describe.skipIf(pythonLack)("a model with several inputs", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "both"));
  });
  afterAll(() => server.stop());
  const grey = readFileSync(join(models, "both/samples/grey.png"));
  const numbers = readFileSync(join(models, "both/samples/grey.npy"));

  it("takes a file for each", async () => {
    const response = await post(
      server,
      form({ numbers: new Blob([numbers]), image: new Blob([grey], { type: "image/png" }) }),
    );
    expect(response.status).toBe(200);
    const sample = await body(await server.fetch("/api/predict_sample?filename=grey"));
    expect((await body(response)).output).toEqual(sample.output);
  });

  it("names each input that is missing or unknown", async () => {
    const response = await post(server, form({ picture: new Blob([grey]) }));
    expect(response.status).toBe(400);
    expect((await body(response)).errors).toEqual([
      { detail: '"picture" is no input of this model; it takes image or numbers.' },
      { detail: 'Input "image" is missing. Send its file in a field of that name.' },
      { detail: 'Input "numbers" is missing. Send its file in a field of that name.' },
    ]);
  });

  it("refuses a raw body", async () => {
    const response = await post(server, grey, { "content-type": "image/png" });
    expect(response.status).toBe(415);
    expect((await body(response)).detail).toContain("multipart/form-data");
  });
});

describe.skipIf(pythonLack)("a model that takes its time", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "slow"));
  });
  afterAll(() => server.stop());

  it("gives each of 64 parallel requests its own answer", async () => {
    const numbers = Array.from({ length: 64 }, (_, index) => index);
    const replies = await Promise.all(
      numbers.map(async (number) => {
        const file = npy([0, number]);
        const multipart = number % 2 === 0;
        const response = await (multipart
          ? post(server, form({ numbers: new Blob([file]) }))
          : post(server, file, array));
        return (await body(response)).output[0].prediction;
      }),
    );
    expect(replies).toEqual(numbers.map((number) => [0, number]));
  });

  it("gives large inputs through files, each its own", async () => {
    const replies = await Promise.all(
      [1, 2, 3, 4].map(async (number) => {
        const values = new Array<number>(400_000).fill(number);
        values[0] = 0;
        const { output } = await body(await post(server, npy(values), array));
        const file = await server.fetch(output[0].prediction);
        return createHash("sha256")
          .update(new Uint8Array(await file.arrayBuffer()))
          .digest("hex");
      }),
    );
    expect(new Set(replies).size).toBe(4);
    expect(left(server)).toEqual([]);
  });

  it("goes on with the next one when a client leaves", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const left = ["one that runs", "one that waits"].map(() =>
      server.fetch("/api/predict", { method: "POST", body: npy([minute]), headers: array, signal }),
    );
    await expect.poll(() => server.metric("modelhub_queue_depth")).toBe(1);
    controller.abort();
    for (const one of left) await expect(one).rejects.toThrow();
    const [response, took] = await seconds(post(server, npy([0]), array));
    expect(response.status).toBe(200);
    expect(took).toBeLessThan(30);
  });

  it("stops a prediction at the time limit and keeps the worker that obeys", async () => {
    const server = await startServer(join(models, "slow"), { MODELHUB_TIMEOUT: "2" });
    const pid = server.workerPid();
    const [response, took] = await seconds(post(server, npy([minute]), array));
    expect(response.status).toBe(504);
    expect((await body(response)).detail).toMatchInlineSnapshot(
      `"The prediction took longer than 2 s and was stopped. Send a smaller input, or start the server with MODELHUB_TIMEOUT set to more seconds."`,
    );
    expect(took).toBeLessThan(30);
    expect((await post(server, npy([0]), array)).status).toBe(200);
    expect(server.workerPid()).toBe(pid);
    await server.stop();
  });

  it("fails what runs when the worker is killed, keeps what waits, and comes back", async () => {
    const running = await startJob(server, npy([minute]));
    const waiting = post(server, npy([0, 7]), array);
    await expect.poll(() => server.metric("modelhub_queue_depth")).toBe(1);
    process.kill(server.workerPid(), "SIGKILL");
    await expect.poll(async () => (await running.result()).status).toBe(503);
    expect((await body(await running.result())).detail).toContain("was ended by SIGKILL");
    expect((await server.fetch("/health/live")).status).toBe(200);
    expect((await body(await waiting)).output[0].prediction).toEqual([0, 7]);
    expect((await server.until(200)).status).toBe(200);
  });

  it("survives a client that hangs up in the middle of its upload", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write(
      "POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-npy\r\nContent-Length: 5000000\r\n\r\n",
    );
    socket.write(Buffer.alloc(2_000_000));
    await expect.poll(() => left(server)).not.toEqual([]);
    socket.destroy();
    await expect.poll(() => left(server)).toEqual([]);
    expect((await post(server, npy([0]), array)).status).toBe(200);
  });
});

describe.skipIf(pythonLack)("a model in trouble", () => {
  it("refuses more than the queue holds, with the time to wait", async () => {
    const server = await startServer(join(models, "slow"), { MODELHUB_QUEUE: "2" });
    const running = await startJob(server, npy([minute]));
    const waiting = [1, 2].map(() => post(server, npy([0]), array));
    await expect.poll(() => server.metric("modelhub_queue_depth")).toBe(2);
    const refused = await post(server, npy([0]), array);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await body(refused)).detail).toMatch(/^2 predictions wait already/);
    await running.cancel();
    for (const one of waiting) expect((await one).status).toBe(200);
    await server.stop();
  });

  it("comes back after native code crashed", async () => {
    const server = await startServer(join(models, "segfaults"));
    expect((await post(server, npy([0]), array)).status).toBe(503);
    expect((await server.until(200)).status).toBe(200);
    await server.stop();
  });

  it("kills what doesn't obey at the time limit, and comes back", async () => {
    const server = await startServer(stubborn(), { MODELHUB_TIMEOUT: "0.3" });
    const pid = server.workerPid();
    const [response, took] = await seconds(post(server, npy([1]), array));
    expect(response.status).toBe(504);
    expect(took).toBeLessThan(30);
    await expect.poll(() => server.workerPid()).not.toBe(pid);
    await server.until(200);
    expect((await post(server, npy([0]), array)).status).toBe(200);
    await server.stop();
  });

  it("stays up and tells why when the model can't be loaded", async () => {
    const server = await startServer(join(models, "broken"), {}, 503);
    for (const response of [
      await server.fetch("/health/ready"),
      await post(server, npy([0]), array),
    ]) {
      expect(response.status).toBe(503);
      const problem = await body(response);
      expect(problem.code).toBe("setup_failed");
      expect(problem.detail).toContain("no luck");
      expect(problem.detail).toContain("about to break");
    }
    expect((await server.fetch("/health/live")).status).toBe(200);
    expect((await server.fetch("/api/get_config")).status).toBe(200);
    await server.stop();
    expect(await server.exited).toBe(0);
  });

  it("shows what the model prints", async () => {
    const server = await startServer(join(models, "prints"));
    await post(server, npy([0]), array);
    for (const line of ["printed on import", "printed in load", "printed by C", "said on stderr"])
      await expect.poll(() => server.output()).toContain(line);
    await server.stop();
  });
});

describe.skipIf(pythonLack)("SIGTERM", () => {
  it("lets what runs finish, then exits with 0 and leaves nothing", async () => {
    const server = await startServer(join(models, "slow"));
    const worker = server.workerPid();
    const running = ["one that runs", "one that waits"].map(() => post(server, npy([100]), array));
    await expect.poll(() => server.metric("modelhub_queue_depth")).toBe(1);
    server.signal("SIGTERM");
    const ask = () => server.fetch("/health/live").catch(() => "nobody answers");
    await expect.poll(ask).toBe("nobody answers");
    for (const one of running) expect((await one).status).toBe(200);
    expect(await server.exited).toBe(0);
    expect(existsSync(`/proc/${worker}`)).toBe(false);
    expect(readdirSync(server.temporary)).toEqual([]);
  });

  it("ends what doesn't finish within 5 s", async () => {
    const server = await startServer(stubborn());
    const running = ["one that runs", "one that waits"].map(() => post(server, npy([1]), array));
    await expect.poll(() => server.metric("modelhub_queue_depth")).toBe(1);
    server.signal("SIGTERM");
    const [code, took] = await seconds(server.exited);
    expect(code).toBe(0);
    expect(took).toBeLessThan(30);
    for (const one of running) {
      const response = await one;
      expect(response.status).toBe(503);
      expect((await body(response)).code).toBe("stopping");
    }
    expect(readdirSync(server.temporary)).toEqual([]);
  });
});

/** A model that leaves a folder behind, and sleeps a minute, through a cancel too, for a 1. */
function stubborn(): string {
  const folder = mkdtempSync(join(tmpdir(), "stubborn-"));
  const config = readFileSync(join(models, "slow/modelhub.json"), "utf8");
  writeFileSync(join(folder, "modelhub.json"), config);
  writeFileSync(
    join(folder, "model.py"),
    "import tempfile, time\ndef load(context):\n    return tempfile.mkdtemp()\n\ndef infer(model, numbers):\n    time.sleep(60 * numbers[0])\n    return numbers\n",
  );
  return folder;
}
